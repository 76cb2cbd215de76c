#!/usr/bin/env bash
# people.sh: four people of a demonstration, who sign in to the workplace: a ministry officer, the accountant of
# the city, her approver, an auditor. Beside them the two who give roles: each grant takes both. Passwords are
# made anew by every run and printed once; they are kept nowhere. Run alone, on books that are loaded:
# FISC=build/fisc bash examples/madrid-2018/people.sh [--data DIR]
#
# Not for books that matter: here one script plays both who propose and who confirm.
set -euo pipefail

program=${FISC:?names the program, as in FISC=build/fisc}
data_option=()
case ${1:-} in
    "") ;;
    --data) data_option=(--data "${2:?--data needs a folder}") ;;
    *) printf 'usage: FISC=PROGRAM bash %s [--data DIR]\n' "$0" >&2 && exit 2 ;;
esac
entity=${ENTITY:-001} # whose accountant and approver

# person, role, entity, name
people=(
    "marta ministry_officer * Marta Gil"
    "ana agency_accountant $entity Ana Ruiz"
    "luis approver $entity Luis Vega"
    "irene auditor * Irene Soto"
)
administrator=eva
officer=raul

fisc() {
    "$program" ${data_option[@]+"${data_option[@]}"} "$@"
}

as() {
    local actor=$1
    shift
    fisc --actor "$actor" "$@"
}

fail() {
    printf 'people.sh: %s\n' "$1" >&2
    exit 1
}

# Says nothing when it is well.
quietly() {
    local words
    words=$("$@" 2>&1) || fail "$words"
}

make_person() {
    local person=$1 role=$2 where=$3 name=$4 place=()
    [[ $where == '*' ]] || place=(--entity "$where")
    quietly as "$administrator" person add "$person" --id "DEMO-${person^^}" --name "$name"
    quietly as "$administrator" person grant "$person" --role "$role" ${place[@]+"${place[@]}"}
    quietly as "$officer" person confirm "$person" --role "$role" ${place[@]+"${place[@]}"}
}

# Twenty letters and digits that are not mistaken for each other.
make_password() {
    LC_ALL=C tr -dc 'abcdefghjkmnpqrstuvwxyz23456789' </dev/urandom | head -c 20 || true
}

# give_password PERSON: the officer gives a start password, the person makes it one of her own.
give_password() {
    make_password >"$secrets/start"
    make_password >"$secrets/own"
    quietly as "$officer" person password "$1" --password-file "$secrets/start"
    quietly as "$1" person password "$1" --old-file "$secrets/start" --password-file "$secrets/own"
}

is_there() {
    fisc person list --columns person --format csv 2>/dev/null | grep -qx "$1"
}

# Who gives roles. Duties stay out of force, so that whoever runs the tour may go on loading.
make_givers() {
    quietly fisc person add "$administrator" --id DEMO-EVA --name "Eva Mora"
    quietly fisc person add "$officer" --id DEMO-RAUL --name "Raul Cano"
    quietly fisc person init "$administrator" "$officer"
}

is_there "$officer" || make_givers
secrets=$(mktemp -d)
trap 'rm -rf "$secrets"' EXIT
lines=()
for line in "${people[@]}"; do
    read -r person role where name <<<"$line"
    is_there "$person" || make_person "$person" "$role" "$where" "$name"
    give_password "$person"
    lines+=("$(printf '  %-10s  %-22s  %s, %s' "$person" "$(<"$secrets/own")" "$name" "${role//_/ }")")
done
printf '  %-10s  %-22s  %s\n' "sign in as" "password" "who that is"
printf '%s\n' "${lines[@]}"
