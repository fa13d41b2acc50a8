#!/usr/bin/env bash
# From a fresh Debian 12 to a mail that is sent, and to one that is refused and explained.
#
#   ./examples/quickstart.sh [--refusal "535 5.7.8 …"]
#
# Installs what the build needs, builds a release, starts a local inbox (no mail leaves this machine), sends one
# message to it, lets the inbox refuse the login, and then runs a flow on its schedule until the inbox refuses that, too.
# A second run takes seconds.
#   --refusal TEXT         what the inbox answers to the second login (or QUICKSTART_REFUSAL)
#   QUICKSTART_BUILD_DIR   use what was built there; nothing is installed or built
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=SCRIPTDIR/../tests/support/packages.sh
source "$root/tests/support/packages.sh"

refusal="535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant."
refusal=${QUICKSTART_REFUSAL:-$refusal Visit https://aka.ms/smtp_auth_disabled for more information.}
while (($#)); do
    case $1 in
        --refusal)
            (($# > 1)) || { echo "quickstart.sh: --refusal needs a text" >&2; exit 64; }
            refusal=$2
            shift
            ;;
        -h | --help) sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) echo "quickstart.sh: unknown argument $1 (see --help)" >&2; exit 64 ;;
    esac
    shift
done

bold='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi
section() { printf '\n%s== %s%s\n\n' "$bold" "$*" "$plain"; }
fail() { printf '\nquickstart.sh: %s\n' "$*" >&2; exit 1; }

work=
inbox_pid=
flow_pid=
clean_up() {
    local pid
    for pid in $flow_pid $inbox_pid; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    allow_services_again
    [[ -z $work ]] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts the inbox on a free port and reads the port from its ready file. It reads its script anew for every message.
start_inbox() {
    echo "# No rule yet: everything is answered as usual." >"$work/inbox.script"
    "$build/inbox" --port 0 --store "$work/inbox" --script "$work/inbox.script" --ready-file "$work/ready.json" \
        >"$work/inbox.log" 2>&1 &
    inbox_pid=$!
    local waited
    for ((waited = 0; waited < 200; waited++)); do
        [[ -s $work/ready.json ]] && break
        kill -0 "$inbox_pid" 2>/dev/null || { cat "$work/inbox.log" >&2; fail "the inbox ended as it started"; }
        sleep 0.05
    done
    port=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["port"])' "$work/ready.json") ||
        fail "the inbox did not say on which port it listens"
    cp "$work/inbox/ca.pem" "$work/ca.pem"
}

# send EXPECTED_CODE RESULT [OPTION…]: sends the message; the result document goes to a file.
send() {
    local expected=$1 result=$2 code=0
    shift 2
    (cd "$work" && WFC_SECRET_QUICKSTART=any-password "$build/wfc" invoke mail-send send --settings settings.json \
        --input message.json --set "/server/port=$port" "$@" >"$result" 2>wfc.log) || code=$?
    ((code == expected)) && return 0
    cat "$work/wfc.log" "$work/$result" >&2
    fail "wfc ended with exit code $code; $expected was expected"
}

# wait_for SECONDS WHAT COMMAND…: until the command succeeds.
wait_for() {
    local tenths=$(($1 * 10)) what=$2
    shift 2
    until "$@"; do
        ((tenths-- > 0)) || { cat "$work"/flow.{log,err} >&2; fail "$what did not happen"; }
        sleep 0.1
    done
}

lines_of_flow() { (($(grep -c -- "$1" "$work/flow.log") >= $2)); }
mails_to() { grep -lF "\"$1\"" "$work"/inbox/*.json 2>/dev/null | sed 's/json$/eml/'; }

show_command() {
    printf '$ WFC_SECRET_QUICKSTART=… wfc invoke mail-send send --settings settings.json --input message.json %s\n\n' "$*"
}

if [[ -n ${QUICKSTART_BUILD_DIR:-} ]]; then
    build=$(cd "$QUICKSTART_BUILD_DIR" && pwd)
else
    build=$root/build/release
    section "Packages"
    install_packages "build" "${build_packages[@]}"
    say "All that the build needs is installed."
    section "Build (build/release)"
    cd "$root"
    [[ -f $build/build.ninja ]] || cmake --preset release
    cmake --build --preset release
    cd "$OLDPWD"
fi

work=$(mktemp -d)
export WFC_HOME=$work/home # nothing of this is remembered elsewhere
cp "$root"/examples/quickstart/{settings.json,message.json,report.csv} "$work"

section "A message is sent"
start_inbox
say "The inbox listens on localhost:$port. The connection goes over STARTTLS, verified with the inbox's own CA;"
say "the password comes from the environment, and no document or command line holds it."
say
show_command --set "/server/port=$port"
send 0 accepted.json
python3 -m json.tool --no-ensure-ascii "$work/accepted.json"

section "The message as it arrived"
mapfile -t arrived < <(find "$work/inbox" -name '*.eml')
((${#arrived[@]} == 1)) || fail "${#arrived[@]} messages arrived; one was expected"
python3 "$root/examples/quickstart/show_message.py" "${arrived[0]}"

section "The same message is refused at the login"
printf 'auth reply %s\n' "$refusal" >"$work/inbox.script"
say "The inbox is told by its script:"
say "    $(cat "$work/inbox.script")"
say
show_command --set "/server/port=$port"
send 4 refused.json
python3 "$root/examples/quickstart/show_error.py" "$work/refused.json"

section "… and explained in Japanese"
show_command --set "/server/port=$port" --set /language=ja
send 4 refused-ja.json --set /language=ja
python3 "$root/examples/quickstart/show_error.py" "$work/refused-ja.json"

mapfile -t arrived < <(find "$work/inbox" -name '*.eml')
((${#arrived[@]} == 1)) || fail "a refused message arrived all the same"
section "A flow runs on its schedule"
flows=$work/flows
cp -r "$root/examples/flows" "$flows"
cp "$work/ca.pem" "$flows"
say "examples/flows/daily-report.json sends a report every working day at nine, Tokyo time. Its password goes into an"
say "encrypted store:"
say
say '$ wfc secret set office'
printf 'any-password' | "$build/wfc" secret set office 2>&1 | sed "s|$work/||"
printf 'any-password' | "$build/wfc" secret set ops >/dev/null 2>&1
say
say '$ wfc run examples/flows/daily-report.json'
"$build/wfc" run "$flows/daily-report.json" >"$work/flow.log" 2>"$work/flow.err" &
flow_pid=$!
wait_for 10 "the plan of the next run" lines_of_flow "next run" 1
kill "$flow_pid"
wait "$flow_pid" || fail "wfc run did not stop cleanly"
sed "s|$work/|examples/|" "$work/flow.log"
say
say "Nine o'clock is far away, so a copy of it, with this machine's inbox as its server, runs every 2 seconds. After its"
say "first mail the inbox no longer takes the boss's:"
say
: >"$work/inbox.script"
rm -f "$work"/inbox/*.eml "$work"/inbox/*.json
python3 "$root/examples/quickstart/local_flow.py" "$flows" "$port" 2s
"$build/wfc" run "$flows/daily-report.json" --payload "$flows/report.json" >"$work/flow.log" 2>"$work/flow.err" &
flow_pid=$!
wait_for 20 "the first run" lines_of_flow "step mail: accepted" 1
echo "rcpt <boss@example.test> reply 550 5.1.1 The boss has moved" >"$work/inbox.script"
wait_for 20 "the alert" lines_of_flow "step alert: accepted" 1
kill "$flow_pid"
wait "$flow_pid" || fail "wfc run did not stop cleanly"
flow_pid=
sed "s|$work/|examples/|" "$work/flow.log"

section "The alert that the flow sent"
alert=$(mails_to ops@example.test | head -1) || true  # grep without a hit
[[ -n $alert ]] || fail "no alert arrived"
python3 "$root/examples/quickstart/show_text.py" "$alert"

section "Done"
say "Messages were accepted, refused and explained; the flow and the inbox are stopped and their files are removed."
