#!/usr/bin/env bash
# check.sh [DIR]: what ./check asks of the web workplace: sizes, types of the API, types, bundle (into DIR), unit
# tests; ends with "web: N passed, N failed" as every test program does.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
lines_max=500 # of a file that people write

# Says which files are too long to be read in one sitting.
check_sizes() {
    local file lines status=0
    while IFS= read -r -d '' file; do
        lines=$(wc -l <"$file")
        if ((lines > lines_max)); then
            printf '%s has %d lines, more than %d: split it by idea\n' "${file#"$here/"}" "$lines" "$lines_max" >&2
            status=1
        fi
    done < <(find "$here/src" "$here/tests" -path '*/node_modules' -prune -o -type f \
        \( -name '*.ts' -o -name '*.tsx' -o -name '*.css' -o -name '*.mjs' \) ! -name schema.ts -print0)
    return "$status"
}

# check NAME COMMAND...: one more thing that holds, or not.
passed=0
failed=0
check() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        printf 'ok: %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'not ok: %s\n' "$name"
    fi
}

check "no file is longer than $lines_max lines" check_sizes
check "types of the API are those of docs/openapi.yaml" bash "$here/schema/make.sh" --check
check "types and bundle" bash "$here/build.sh" "$@"
results=$(bash "$here/test.sh") || true
printf '%s\n' "$results"
count() {
    sed -nE "s/^# $1 ([0-9]+)$/\1/p" <<<"$results" | tail -n 1
}
unit_passed=$(count pass)
unit_failed=$(count fail)
passed=$((passed + ${unit_passed:-0}))
failed=$((failed + ${unit_failed:-1}))
printf 'web: %d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
