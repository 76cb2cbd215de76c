#!/usr/bin/env bash
# tour.sh: the year 2018 of the City of Madrid and its six agencies, from published files to consolidated
# statements. ./run builds fisc and calls this; to run it alone: FISC=build/fisc bash examples/madrid-2018/tour.sh
#
# Prints every command it runs, so that a reader can run it again, without --data: that is handed to
# each of them silently. Changes the books once, by loading; every later run finds all of it there, and
# puts one more refusal on record.
set -euo pipefail

begin_us=${EPOCHREALTIME//[.,]/}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=${FISC:?names the program, as in FISC=build/fisc}
data_option=()
case ${1:-} in
    "") ;;
    --data) data_option=(--data "${2:?--data needs a folder}") ;;
    *) printf 'usage: FISC=PROGRAM bash %s [--data DIR]\n' "$0" >&2 && exit 2 ;;
esac
if [[ -t 1 ]]; then
    bold=$'\e[1m' plain=$'\e[0m'
else
    bold='' plain=''
fi

shown_program=${program#"$PWD"/}${data_option[*]:+ ${data_option[*]}}

fisc() {
    "$program" ${data_option[@]+"${data_option[@]}"} "$@"
}

# One entry as journals.csv has it: goods bought by the Gerencia de la Ciudad for $1 and paid at once.
payment() {
    cat <<CSV
journal_id,date,entity,gfs_code,debit,credit,cofog,cash_code,section,programme,economic,memo
lamps,2018-12-31,001,22,$1,,701,,016,92000,21300,Lamps for the city hall
lamps,2018-12-31,001,3202,,$1,,22,,,,
CSV
}

step() {
    printf '\n%s' "$bold"
    fold -s -w 100 <<<"$1" | sed 's/ *$//'
    printf '%s' "$plain"
}

# show STATUS COMMAND: prints the command and its result; it must end with that status.
show() {
    local status=0
    printf '\n$ %s\n' "$2"
    eval "$2" || status=$?
    if ((status != $1)); then
        printf 'tour.sh: this should have ended with status %d, and ended with %d\n' "$1" "$status" >&2
        exit 1
    fi
}

printf 'Madrid, 2018. Below, fisc is %s\n' "$shown_program"

step "1. Load what the city publishes: 7,244 lines of spending, 235 of revenue, 31,500 payments. Each becomes \
entries in a double-entry ledger under funds control. The sums must tie; what the source leaves open is \
remarked, never mended. Loading again posts nothing: all of it is repeated."
show 0 'fisc load examples/madrid-2018'

step "2. Where does one department stand? Section 016 of the city (001), the Gerencia de la Ciudad, by chapter: \
1 staff, 2 goods and services, 4 current transfers, 6 investment, 7 capital transfers. \
(The published payments leave out most of the payroll.)"
show 0 'fisc report budget-stages --period 2018 --unit 001 --by section=016,economic:1 \
    --columns economic,final,authorized,committed,obligated,paid,available'

step "The law binds the city by area and chapter. This is what goods and services (2) may still spend in \
area 9, general administration:"
show 0 'fisc funds --entity 001 --programme 9 --economic 2 --period 2018 \
    --columns control,level,budget,reserved,committed,accrued,paid,available'

step "3. A payment of our own: lamps for the city hall, 7,500,000.00. The books refuse it, and say why. The \
status is 6; no account moves, and the refusal goes on record."
show 0 'payment 7500000.00'
show 6 'payment 7500000.00 | fisc post - --source tour 2>&1 >/dev/null | fold -s -w 100'

step "Lamps for 75,000.00 would pass. --dry-run decides and writes nothing, so the next tour says the same."
show 0 'payment 75000.00 | fisc post - --source tour --dry-run'

step "4. The Statement of Operations (GFSM 2014) of the city and its agencies as one. What they paid each \
other is left out; what only one of two has on record stays visible, with its owner, and is not spread."
show 0 'fisc report gfs --period 2018 --unit CITY --statement SOO --depth 1'

step "5. What was left out, by payer (from) and payee (to): payable is the payer's record, receivable the \
payee's. The city names its agencies as a class, OOAA, where its source does."
show 0 'fisc report eliminations --period 2018 --unit CITY --by pair \
    --columns from_entity,to_entity,lines,payable,receivable,financial'

step "The two sides differ by 125,000.00. It is one grant: the theatre consortium (902) has it, the city (001) \
does not."
show 0 'fisc report asymmetries --period 2018'

step "6. Three control ledgers look at every entry at once. The chapter refuses, the article of a programme \
advises, the line is only tracked. Over are 491 of the 2,583 articles and 1,352 of the 7,244 lines, and no chapter."
show 0 'fisc report control-exceptions --period 2018 --unit CITY'

step "Who passed the line, largest first."
show 0 "fisc report budget-stages --period 2018 --unit CITY --over \\
    --by entity,section,programme,economic \\
    --columns entity,section,programme,economic,final,authorized,available | sed -n '3,7p;\$p'"

step "7. Where to look next."
cat <<TEXT

  fisc report gfs --period 2018 --unit CITY      all ten statements; also --unit 001, --format csv
  fisc trace 001/016/92000/21300                 one line of the budget through the books
  fisc sql                                       the books in psql, read-only
  fisc COMMAND --help                            every command says what it takes

  README.md                                      what fisc is, the map, how to use it
  examples/madrid-2018/README.md                 what this data is, and is not
  docs/package-format.md                         how to bring your own

TEXT
took_ms=$(((${EPOCHREALTIME//[.,]/} - begin_us) / 1000))
printf 'The tour took %d.%d seconds.\n' $((took_ms / 1000)) $((took_ms % 1000 / 100))
