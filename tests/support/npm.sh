# What the tests of signing in need from npm: a real authorization server and a driver for browsers, into build/npm.
# Sourced by tests/run.sh; it does nothing by itself.
#
# Guarantees: only below the folder of the build; exactly the versions of the lock file; nothing is done when they are
# there already. Where the machine's Node is older than 20, npm's own `node` package is put beside them.
# shellcheck shell=bash

node_is_new() { (($("${1:-node}" --version 2>/dev/null | sed 's/^v//; s/\..*//;s/^$/0/') >= 20)); }

# install_node_packages: prints why not, and returns 1, where they could not be installed.
install_node_packages() {
    local folder=$PWD/build/npm wanted=tests/integration/oauth log
    if cmp -s "$wanted/package-lock.json" "$folder/installed.json"; then return 0; fi
    if ! command -v npm >/dev/null; then
        (install_packages "get Node and npm for the tests of signing in" nodejs npm >&2) || { say "npm is not installed"; return 1; }
    fi
    say "Installing the authorization server and the browser driver of the tests with npm (build/npm)." >&2
    mkdir -p "$folder"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$folder/"
    log=$(mktemp)
    if ! (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts </dev/null) >"$log" 2>&1; then
        say "npm ci failed: $(grep -m 1 -i error "$log")"
        rm -f "$log"
        return 1
    fi
    if ! node_is_new && ! (cd "$folder" && npm install --no-save --no-audit --no-fund node@22 </dev/null) >"$log" 2>&1; then
        say "the machine's Node is older than 20, and npm's could not be installed: $(grep -m 1 -i error "$log")"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    cp "$wanted/package-lock.json" "$folder/installed.json"
}
