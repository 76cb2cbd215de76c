#!/usr/bin/env bash
# check.sh [DIR]: what ./check asks of the web workplace: types, bundle (into DIR), unit tests; ends with
# "web: N passed, N failed" as every test program does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

bash "$here/build.sh" "$@"
status=0
results=$(bash "$here/test.sh") || status=$?
printf '%s\n' "$results"
count() {
    sed -nE "s/^# $1 ([0-9]+)$/\1/p" <<<"$results" | tail -n 1
}
printf 'web: %d passed, %d failed\n' "$(count pass)" "$(count fail)"
exit "$status"
