#!/usr/bin/env bash
# From a fresh Debian 12 to Node-RED with MailSend's nodes, an example flow, and a local inbox that takes what it sends.
#
#   ./examples/node-red/start.sh [--port 1880] [--user-dir DIR]
#
# Installs what the build needs, builds a release, installs Node-RED 4.1 from npm into build/node-red, and starts it on
# loopback with the local inbox (no mail leaves this machine). Each mail that arrives is shown. Ctrl-C stops everything.
# A second run takes seconds, and finds the flows as they were left.
#   --port N               port of the editor; 0 takes a free one (default: 1880)
#   --user-dir DIR         where flows, accounts and mails are kept (default: build/node-red-demo)
#   NODE_RED_BUILD_DIR     use what was built there, and the Node-RED of build/node-red; nothing is installed or built
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/examples/node-red
# shellcheck source=SCRIPTDIR/../../tests/support/packages.sh
source "$root/tests/support/packages.sh"
# shellcheck source=SCRIPTDIR/../../tests/support/npm.sh
source "$root/tests/support/npm.sh"

wrong_usage() { printf 'start.sh: %s (see --help)\n' "$*" >&2; exit 64; }

port=1880
user_dir=$root/build/node-red-demo
while (($#)); do
    case $1 in
        --port | --user-dir)
            (($# > 1)) || wrong_usage "$1 needs a value"
            if [[ $1 == --port ]]; then port=$2; else user_dir=$2; fi
            shift
            ;;
        -h | --help) sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) wrong_usage "unknown argument $1" ;;
    esac
    shift
done
if ! [[ $port =~ ^[0-9]{1,5}$ ]] || ((10#$port > 65535)); then wrong_usage "--port needs a number below 65536"; fi

bold='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi
section() { printf '\n%s== %s%s\n\n' "$bold" "$*" "$plain"; }
fail() { printf '\nstart.sh: %s\n' "$*" >&2; exit 1; }

inbox_pid=
node_red_pid=
arrivals_pid=

# end PID: asks a process to stop, and waits; after 20 s it does not ask any more.
end() {
    [[ -n $1 ]] || return 0
    kill "$1" 2>/dev/null || true
    local waited
    for ((waited = 0; waited < 200; waited++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    kill -9 "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}
clean_up() {
    trap '' INT TERM
    end "$arrivals_pid"
    end "$node_red_pid" # first, so that what it still sends arrives
    end "$inbox_pid"
    allow_services_again
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# until_there SECONDS PID LOG WHAT COMMAND…: until the command succeeds; the process must go on running.
until_there() {
    local tenths=$(($1 * 10)) pid=$2 log=$3 what=$4
    shift 4
    until "$@"; do
        kill -0 "$pid" 2>/dev/null || { tail -n 20 "$log" >&2; fail "$what ended as it started"; }
        ((tenths-- > 0)) || { tail -n 20 "$log" >&2; fail "$what did not start"; }
        sleep 0.1
    done
}

if [[ -n ${NODE_RED_BUILD_DIR:-} ]]; then
    build=$(cd "$NODE_RED_BUILD_DIR" && pwd)
else
    build=$root/build/release
    section "Packages"
    install_packages "build" "${build_packages[@]}"
    say "All that the build needs is installed."
    section "Build (build/release)"
    [[ -f $build/build.ninja ]] || (cd "$root" && cmake --preset release)
    (cd "$root" && cmake --build --preset release)
    section "Node-RED (build/node-red)"
    reason=$(install_node_packages "$here" "$root/build/node-red" "Node-RED") || fail "Node-RED could not be installed: $reason"
    say "Node-RED is installed."
fi
node=$(node_of "$root/build/node-red")
red=$root/build/node-red/node_modules/node-red/red.js
if [[ ! -f $red ]] || ! node_is_new "$node"; then
    fail "Node-RED or Node 20 is not installed; start.sh without NODE_RED_BUILD_DIR does that"
fi

# Everything that is kept. Mails may be made from files in `files`, and from no others: credentials are not there.
mkdir -p "$user_dir"
user_dir=$(cd "$user_dir" && pwd)
mkdir -p "$user_dir"/{inbox,files,node_modules}
chmod 700 "$user_dir"
ln -sfn "$here/node-red-contrib-mail-send" "$user_dir/node_modules/node-red-contrib-mail-send"
[[ -e $user_dir/inbox.script ]] || echo "# No rule yet: everything is answered as usual." >"$user_dir/inbox.script"

section "Start"
if ((10#$port == 0)); then
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
elif (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "port $port is taken; --port names another one"
fi

arrived=$(find "$user_dir/inbox" -name '*.eml' -printf '%f\n' | sort | tail -n 1)
rm -f "$user_dir/inbox.ready"
"$build/inbox" --port 0 --store "$user_dir/inbox" --script "$user_dir/inbox.script" --ready-file "$user_dir/inbox.ready" \
    >"$user_dir/inbox.log" 2>&1 &
inbox_pid=$!
until_there 10 "$inbox_pid" "$user_dir/inbox.log" "the inbox" test -s "$user_dir/inbox.ready"
inbox_port=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["port"])' "$user_dir/inbox.ready") ||
    fail "the inbox did not say on which port it listens"
cp "$user_dir/inbox/ca.pem" "$user_dir/files/ca.pem"

(cd "$user_dir" && WFC=$build/wfc PORT=$port MAIL_SEND_ROOTS=$user_dir/files exec "$node" "$red" \
    --settings "$here/settings.js" --userDir "$user_dir") >"$user_dir/node-red.log" 2>&1 &
node_red_pid=$!
until_there 60 "$node_red_pid" "$user_dir/node-red.log" "Node-RED" grep -qF "http://127.0.0.1:$port/" "$user_dir/node-red.log"
python3 "$here/point_at_inbox.py" "http://127.0.0.1:$port" "$here/flows.json" "$inbox_port" "$user_dir/files/ca.pem" ||
    { tail -n 20 "$user_dir/node-red.log" >&2; fail "the example flow could not be put into Node-RED"; }

say "Open this address in a browser:  ${bold}http://127.0.0.1:$port/${plain}"
say
say "Press the button at the left of \"Send a mail now\". The mail goes to a local inbox on localhost:$inbox_port, over"
say "STARTTLS; it delivers nothing anywhere. Mails are kept in"
say "    $user_dir/inbox"
say "To see a refusal and its explanation, tell the inbox to refuse, and press the button again:"
say "    echo 'auth reply 535 5.7.139 Authentication unsuccessful' > $(printf %q "$user_dir/inbox.script")"
say
say "Ctrl-C stops Node-RED and the inbox. What arrives:"
say
python3 "$here/arrivals.py" "$user_dir/inbox" "$arrived" &
arrivals_pid=$!
wait -n || true
say "start.sh: Node-RED or the inbox ended; see $user_dir/node-red.log" >&2
false
