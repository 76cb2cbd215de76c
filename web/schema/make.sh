#!/usr/bin/env bash
# make.sh [--check]: makes src/api/schema.ts, the types of the API, of docs/openapi.yaml. --check writes nothing
# and ends with 1 when the file that is kept is another.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
described=$here/../../docs/openapi.yaml
kept=$here/../src/api/schema.ts
made=$(mktemp "${TMPDIR:-/tmp}/fisc-schema-XXXXXX.ts")
trap 'rm -f "$made"' EXIT

cd "$here"
if ! cmp --silent package-lock.json node_modules/.lock-installed; then
    npm ci --ignore-scripts >&2 || { echo "make.sh: npm could not bring the packages" >&2 && exit 4; }
    cp package-lock.json node_modules/.lock-installed
fi
{
    printf '// schema.ts: made of docs/openapi.yaml by web/schema/make.sh: do not edit.\n'
    node node_modules/openapi-typescript/bin/cli.js "$described" --empty-objects-unknown 2>/dev/null
} >"$made"
if [[ ${1:-} == --check ]]; then
    cmp --silent "$made" "$kept" || {
        echo "src/api/schema.ts is not what docs/openapi.yaml says: run web/schema/make.sh" >&2
        exit 1
    }
    exit 0
fi
cp "$made" "$kept"
chmod 644 "$kept"
