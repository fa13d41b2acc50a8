#!/usr/bin/env bash
# From a fresh Debian 12 to a mail that is sent, and to one that is refused and explained.
#
#   ./examples/quickstart.sh [--refusal "535 5.7.8 …"]
#
# Installs what the build needs, builds a release, starts a local inbox (no mail leaves this machine), sends one
# message to it, and then lets the inbox refuse the login. A second run takes seconds.
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
clean_up() {
    if [[ -n $inbox_pid ]]; then
        kill "$inbox_pid" 2>/dev/null || true
        wait "$inbox_pid" 2>/dev/null || true
    fi
    allow_services_again
    [[ -z $work ]] || rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts the inbox on a free port and reads the port from its ready file. It reads its script anew for every connection.
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
section "Done"
say "One message was accepted, two were refused as expected; the inbox is stopped and its files are removed."
