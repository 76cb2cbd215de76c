#!/usr/bin/env bash
# pull.sh [OPTION...]: the city's reports taken from a folder of this machine, as from any other place, by the profiles
# and tables of this folder. OPTION: of fisc, as --data DIR. Again: nothing is new. Into other books than those that
# `fisc load` of this folder filled: two sources would say the same twice.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${FISC:-fisc}
options=("$@")

fisc() {
    "$program" ${options[@]+"${options[@]}"} "$@"
}

units=$(mktemp -d)
trap 'rm -r "$units"' EXIT
cp "$here/entities.csv" "$here/coverage.csv" "$units"
fisc load "$units" >/dev/null
fisc feeder put - >/dev/null <<EOF
feeder,title,entities,connector,at,documents,read,every
kyiv,City of Kyiv: reports on the execution of the budget,KYIV,folder,$here,incomes.csv;expenses.csv;credits.csv;debts.csv,together,month
EOF
fisc feeder map kyiv "$here" --reason "as published" >/dev/null
fisc pull kyiv --columns feeder,outcome,new,rows,value,posted,reversed,unchanged
