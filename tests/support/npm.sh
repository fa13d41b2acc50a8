# What the project needs from npm: Node-RED for the example, servers and a driver for browsers for the tests. Sourced by
# tests/run.sh and examples/node-red/start.sh; it does nothing by itself and needs packages.sh.
#
# Guarantees: only below the folder that is named; exactly the versions of the lock file, without their install scripts;
# nothing is done when they are there already. Where the machine's Node is older than 20, npm's own `node` package is put
# beside them.
# shellcheck shell=bash

node_is_new() { (($("${1:-node}" --version 2>/dev/null | sed 's/^v//; s/\..*//;s/^$/0/') >= 20)); }

# node_of FOLDER: the Node to use with what was installed there.
node_of() {
    if [[ -x $1/node_modules/node/bin/node ]]; then echo "$1/node_modules/node/bin/node"; else command -v node; fi
}

# install_node_packages FROM TO WHAT: installs what FROM/package.json and its lock file name into TO; WHAT says it in words.
# Prints why not, and returns 1, where they could not be installed.
install_node_packages() {
    local wanted=$1 folder=$2 what=$3 log
    if cmp -s "$wanted/package-lock.json" "$folder/installed.json" && node_is_new "$(node_of "$folder")"; then return 0; fi
    if ! command -v npm >/dev/null; then
        (install_packages "get Node and npm for $what" nodejs npm >&2) || { say "npm is not installed"; return 1; }
    fi
    say "Installing $what with npm (${folder#"$PWD/"})." >&2
    mkdir -p "$folder"
    rm -f "$folder/installed.json"
    cp "$wanted/package.json" "$wanted/package-lock.json" "$folder/"
    log=$(mktemp)
    if ! (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts </dev/null) >"$log" 2>&1; then
        say "npm ci failed: $(grep -m 1 -i error "$log")"
        rm -f "$log"
        return 1
    fi
    if ! node_is_new && ! install_newer_node "$folder" >"$log" 2>&1; then
        say "the machine's Node is older than 20, and npm's could not be installed: $(grep -m 1 -i error "$log")"
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
    cp "$wanted/package-lock.json" "$folder/installed.json"
}

# npm's package `node` puts its program in place with an install script, which is the one that may run here.
install_newer_node() { (cd "$1" && npm install --no-save --no-audit --no-fund node@22 </dev/null); }
