#!/usr/bin/env bash
# pull.sh [OPTION...]: the city's audited expenditure taken from the published files of this folder. OPTION: of fisc, as
# --data DIR. Again: nothing is new.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${FISC:-fisc}
options=("$@")

fisc() {
    "$program" ${options[@]+"${options[@]}"} "$@"
}

fisc load "$here" >/dev/null # the city, and what its statements do not cover
fisc feeder put - >/dev/null <<EOF
feeder,title,entities,connector,at,documents,read,every
cape-town,City of Cape Town: audited expenditure,CPT,folder,$here/published,income_expenditure_facts_v2.csv,together,month
EOF
fisc feeder map cape-town "$here/map" --reason "as published" >/dev/null
fisc pull cape-town --columns feeder,outcome,new,rows,value,classified,posted,reversed,unchanged
printf '\n'
fisc feeder suspense --columns feeder,map,code,rows,value
printf '\n'
fisc report gfs --period 2018 --unit CPT --statement SOO --depth 2
