#!/usr/bin/env bash
# test.sh: the unit tests of the web workplace (tests/unit): types, then node --test on each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
made=$(mktemp -d "${TMPDIR:-/tmp}/fisc-web-XXXXXX")
trap 'rm -rf "$made"' EXIT
node_modules/.bin/esbuild tests/unit/*.test.ts --bundle --platform=node --format=esm --target=node18 \
    --jsx=automatic --jsx-import-source=preact --out-extension:.js=.mjs --outdir="$made" --log-level=warning
node --test --test-reporter=tap "$made"/*.mjs
