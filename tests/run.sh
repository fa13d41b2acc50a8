#!/usr/bin/env bash
# Builds the project and runs its tests.
#
#   tests/run.sh          the everyday run: debug build, all unit, dialogue, house and real-server tests
#   tests/run.sh --all    besides, built with clang: the same tests under ASan+UBSan, those with threads under TSan; five parsers
#                         fuzzed for 20 s each, signing in with Chromium, the benchmark once, clang-tidy on the component and the SDK
#
# Installs with apt and npm what is missing, Node-RED included, and says so. It starts no service of this machine and replaces
# no mail server; what could not run here is named at the end, with the last words of what failed, before ctest's last lines.
# The exit code is 0 only if every test passed.
#   JOBS=n                 parallel jobs (default: the number of cores); of tests, which wait more than they work, one more
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# shellcheck source=SCRIPTDIR/support/packages.sh
source tests/support/packages.sh
# shellcheck source=SCRIPTDIR/support/npm.sh
source tests/support/npm.sh
trap allow_services_again EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

all=no
case ${1:-} in
    '') ;;
    --all) all=yes ;;
    -h | --help) sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "run.sh: unknown argument $1 (see --help)" >&2; exit 64 ;;
esac
jobs=${JOBS:-$(nproc)}
not_run=()

section() { printf '\n== %s (after %d s)\n\n' "$*" "$SECONDS"; }

# why_failed FOLDER: the last words of each test that failed, so that they stand near the end of a long log.
why_failed() {
    local failed=$1/Testing/Temporary/LastTestsFailed.log
    ((code == 0)) || [[ ! -s $failed ]] || /usr/bin/python3 -B tests/support/last_words.py "$1/Testing/Temporary" ||
        printf '\n(what failed is named above; its last words could not be read)\n'
}

# Programs whose tests use threads: all that is built and run under TSan.
threaded=(integration_in_process transcript unit_examples_inbox unit_plugin_delivery unit_plugin_net unit_plugin_oauth unit_sdk_flow_runner
    unit_plugin_governor unit_plugin_ledger unit_sdk_host unit_sdk_prompt unit_sdk_secrets unit_sdk_serve unit_sdk_state)

# build PRESET [TARGET…]: configures where that was never done (ninja looks after it from then on) and builds. Line numbers
# are all that a failed test needs of the debug information; the rest costs a sixth of the time.
build() {
    local preset=$1
    shift
    section "Build: $preset $*"
    [[ -f build/$preset/build.ninja ]] || cmake --preset "$preset" -DCMAKE_CXX_FLAGS_DEBUG=-g1
    cmake --build --preset "$preset" --parallel "$jobs" ${1:+--target "$@"}
}

section "Packages"
packages=("${build_packages[@]}" "${test_packages[@]}")
[[ $all == no ]] || packages+=("${clang_packages[@]}" "${browser_packages[@]}" "${bench_packages[@]}")
install_packages "build and test" "${packages[@]}"
if ! reason=$(install_mail_servers); then
    not_run+=("tests against Postfix and Dovecot: ${reason:-they could not be installed}")
elif ((EUID == 0)); then
    export MAILSEND_REQUIRE_POSTFIX=1 # they can run here, so in continuous integration (CI=true) they must
fi
# npm_packages FROM TO WHAT: what cannot be installed is named at the end; what can be must run in continuous integration.
npm_packages() {
    local reason
    if reason=$(install_node_packages "$root/$1" "$root/build/$2" "$3"); then return 0; fi
    not_run+=("tests that need $3: ${reason:-npm packages could not be installed}")
    return 1
}
npm_packages tests/integration/oauth npm "the authorization server and the browser driver of the tests" || true
if npm_packages examples/node-red node-red "Node-RED" &&
    npm_packages tests/integration/node_red node-red-tests "what MailSend's nodes are compared with and checked by"; then
    export MAILSEND_REQUIRE_NODE_RED=1
fi
[[ $all == no ]] || npm_packages tests/integration/node_red/node_versions node-versions "newer versions of Node" || true
[[ $all == no ]] || npm_packages tests/bench/compare/nodemailer bench-peers "nodemailer, which is measured beside MailSend" || true
say "Packages are ready."

build dev
tests=build/dev
if [[ $all == yes ]]; then
    build asan
    build tsan "${threaded[@]}"
    build bench bench_send bench_diagnosis bench_state soak_send mailsend_component wfc inbox bench_mail_send bench_curl bench_sink bench_micro
    suites=("dev=build/dev:-C:All:-LE:bench:-E:fence.tidy_changed" "asan=build/asan+:-LE:fence|bench|slow|node-red:-E:^abi[.]"
        "tsan=build/tsan+@$(IFS=,; echo "${threaded[*]}")" "bench=build/bench@bench_send,bench_diagnosis,bench_state,soak_send:-C:All")
    section "Tests of all builds"
    tests=build/all
    python3 tests/support/combine.py "$tests" "${suites[@]}"
else
    section "Tests"
fi

# ctest's own output is shown as it comes; its last lines are said again at the very end, after what did not run.
log=$tests/run.log
code=0
rm -f "$tests/Testing/Temporary/LastTestsFailed.log" # ctest leaves that of an earlier run where nothing fails
ctest --test-dir "$tests" --parallel $((jobs + 1)) --output-on-failure --no-tests=error </dev/null 2>&1 | tee "$log" || code=$?

if [[ $all == yes && -n ${MAILSEND_REQUIRE_NODE_RED:-} ]]; then
    section "MailSend's node beside the stock e-mail node"
    /usr/bin/python3 -B tests/bench/node_red/compare.py --build "$root/build/bench" --in-flight 8 || code=$?
fi

if [[ $all == yes ]]; then
    section "MailSend beside the mail libraries people use"
    /usr/bin/python3 -B tests/bench/compare/compare.py --build "$root/build/bench" --modules "$root/build/bench-peers" --effort quick || code=$?
fi

mapfile -t -O "${#not_run[@]}" not_run < <(grep -hs '^NOT RUN: ' "$tests/Testing/Temporary/LastTest.log" |
    sed 's/^NOT RUN: //' | sort -u)
[[ $all == yes ]] || not_run+=("sanitizers, browser, fuzzing, the benchmark and clang-tidy on all: tests/run.sh --all runs them")
section "Not run"
printf '  * %s\n' "${not_run[@]:-nothing: all was run}"
why_failed "$tests"
printf '\n'
grep -E '^[0-9]+% tests passed, [0-9]+ tests failed out of [0-9]+$|^Total Test time ' "$log" || true
exit "$code"
