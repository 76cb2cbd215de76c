#!/usr/bin/env bash
# pull.sh [OPTION...]: the books of a region and three towns taken from where they are published, beside the books of
# Madrid (fisc load examples/madrid-2018), and the consolidated statement of all of them. OPTION: of fisc, as --data DIR.
# Again: asks the publishers, who say that nothing is new.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=${FISC:-fisc}
options=("$@")
usual_port=8718 # another where it is taken

fisc() {
    "$program" ${options[@]+"${options[@]}"} "$@"
}

# The publishers' web sites, on this machine.
coproc PUBLISHER { exec python3 "$here/publisher.py" "$usual_port"; }
trap 'kill "$PUBLISHER_PID" 2>/dev/null || true' EXIT
read -r port <&"${PUBLISHER[0]}"

feeders() {
    printf 'feeder,title,entities,connector,at,documents,trust,every\n'
    row() { printf '%s,%s,%s,https,http://127.0.0.1:%d/%s/,%s,%s,day\n' "$1" "$2" "$3" "$port" "$1" "$4" \
        "http=yes;private=127.0.0.1:$port"; }
    row clm "Junta de Comunidades de Castilla-La Mancha" "CLM CLM51 CLM55 CLM56 CLM61 CLM70" \
        "ingresos.csv;ejecucion_ingresos.csv;ejecucion_gastos.csv"
    row alhama "Ayuntamiento de Alhama de Murcia" ALHAMA "ejecucion_gastos.csv;pagos.csv;ejecucion_ingresos.csv"
    row pinto "Ayuntamiento de Pinto" PINTO "ejecucion_gastos.csv;pagos.csv;ejecucion_ingresos.csv"
    row torrelodones "Ayuntamiento de Torrelodones" TORRELODONES "gastos.csv;ingresos.csv;pagos.csv"
}

fisc load "$here" >/dev/null # units, groups, what statements do not cover
feeders | fisc feeder put - >/dev/null
for feeder in clm alhama pinto torrelodones; do
    fisc feeder map "$feeder" "$here/$feeder" --reason "as published" >/dev/null
done
fisc pull clm alhama pinto torrelodones --columns feeder,outcome,new,rows,value,classified,posted,reversed,unchanged
fisc load "$here/together" >/dev/null # groups over all of them, and how final each one's accounts are
printf '\n'
fisc feeder suspense --columns feeder,map,code,rows,value,since
printf '\n'
fisc report gfs --period 2018 --unit GOVERNMENTS --statement SOO --depth 1
printf '\n'
fisc report completeness --period 2018 --unit GENERAL_GOVERNMENT
