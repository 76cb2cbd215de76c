#!/usr/bin/env bash
# build.sh [DIR]: checks the types and bundles the web workplace into DIR (else build/web), ready for
# `fisc serve --web DIR`. Asks for packages only when node_modules is missing or the lock has changed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(realpath --canonicalize-missing -- "${1:-$here/../build/web}")
cd "$here"

command -v node >/dev/null || { echo "build.sh: node is missing (apt: nodejs npm)" >&2 && exit 3; }
if ! cmp --silent package-lock.json node_modules/.lock-installed; then
    npm ci --ignore-scripts >&2 || { echo "build.sh: npm could not bring the packages" >&2 && exit 4; }
    cp package-lock.json node_modules/.lock-installed
fi
node_modules/.bin/tsc --noEmit
node build.mjs "$out"
