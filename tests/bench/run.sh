#!/usr/bin/env bash
# Measures MailSend beside the mail libraries people use, on this machine, and prints one table.
#
#   tests/bench/run.sh             five rounds, about six minutes besides the build
#   tests/bench/run.sh --quick     one short round, for continuous integration
#   tests/bench/run.sh --full      besides: 1,000,000 messages and a file of 1 GiB
#   tests/bench/run.sh --micro     the parts by themselves (Google Benchmark) instead
#
# Builds a release (build/bench) and installs with apt and npm what is missing; Postfix is installed for its smtp-source alone
# and not started. Everything else is passed on: --rounds N, --only GROUP…, --json FILE (compare/compare.py --help).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
# shellcheck source=SCRIPTDIR/../support/packages.sh
source tests/support/packages.sh
# shellcheck source=SCRIPTDIR/../support/npm.sh
source tests/support/npm.sh
trap allow_services_again EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

effort=usual
micro=no
arguments=()
for argument; do
    case $argument in
        --quick) effort=quick ;;
        --full) effort=full ;;
        --micro) micro=yes ;;
        -h | --help) sed -n '2,/^set/{s/^# \{0,1\}//;/^set/!p}' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) arguments+=("$argument") ;;
    esac
done

install_packages "build and measure" "${build_packages[@]}" "${test_packages[@]}" "${bench_packages[@]}" >&2
install_mail_servers >&2 || say "smtp-source is not here, so it is left out." >&2
peers=$root/build/bench-peers
install_node_packages "$root/tests/bench/compare/nodemailer" "$peers" nodemailer >&2 ||
    say "nodemailer is not here, so it is left out." >&2

build=${BUILD:-$root/build/bench}
[[ -f $build/build.ninja ]] || cmake --preset bench -B "$build" >&2
targets=(bench_mail_send bench_curl bench_sink mailsend_component)
[[ $micro == no ]] || targets=(bench_micro)
cmake --build "$build" --parallel "${JOBS:-$(nproc)}" --target "${targets[@]}" >&2
if [[ $micro == yes ]]; then
    exec "$build/tests/bench/bench_micro" "${arguments[@]}"
fi
exec /usr/bin/python3 -B tests/bench/compare/compare.py --build "$build" --modules "$peers" --effort "$effort" "${arguments[@]}"
