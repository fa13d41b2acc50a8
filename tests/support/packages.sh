# Which Debian packages the scripts need, and how they are installed. Sourced by examples/quickstart.sh and
# tests/run.sh; it does nothing by itself.
#
# Guarantees: only packages that are missing are installed, and they are named first; apt starts no service; nothing
# that is installed is removed; a mail server that is there is left alone. Without apt or without rights it names the
# packages and stops.
# shellcheck shell=bash disable=SC2034  # the lists are used by the scripts that source this file

build_packages=(cmake ninja-build g++ pkg-config libpoco-dev nlohmann-json3-dev libspdlog-dev libfmt-dev
    libcli11-dev libc-ares-dev libidn2-dev libhyperscan-dev libgsasl-dev libsodium-dev libsqlite3-dev prometheus-cpp-dev
    libhowardhinnant-date-dev tzdata libssl-dev openssl ca-certificates python3)
test_packages=(libgtest-dev libgmock-dev libre2-dev python3-jsonschema binutils git clang-format clang-tidy faketime)
clang_packages=(clang libclang-rt-dev llvm) # sanitizers and fuzzing; llvm names the lines in their reports
bench_packages=(libbenchmark-dev libcurl4-openssl-dev util-linux)
browser_packages=(chromium fonts-ipafont-gothic)
server_packages=(postfix dovecot-core dovecot-imapd dovecot-submissiond)

policy_file=/usr/sbin/policy-rc.d
apt_log=
policy_mark='Put here by the tests of mailsend while apt runs; it may be removed.'

say() { printf '%s\n' "$*"; }

stop() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 69
}

# The packages of the arguments that are not installed, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] || echo "$package"
    done
}

# Runs a command as root: as it is, or through sudo.
as_root() {
    if ((EUID == 0)); then "$@"; else sudo -- "$@"; fi
}

# A mail server that an installed package provides, or that was put there by hand; empty where there is none.
foreign_mail_server() {
    dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Provides}\n' 2>/dev/null |
        awk -F '\t' '$1 == "installed" && $3 ~ /mail-transport-agent/ && $2 != "postfix" { print $2; exit }'
    if [[ -e /usr/sbin/sendmail ]] && ! dpkg -S /usr/sbin/sendmail >/dev/null 2>&1; then
        echo /usr/sbin/sendmail
    fi
}

# Whether apt would start services after an installation: a policy file that answers 101 forbids it.
services_may_start() {
    [[ -x $policy_file ]] || return 0
    local answer=0
    "$policy_file" postfix start >/dev/null 2>&1 </dev/null || answer=$?
    ((answer != 101))
}

# Forbids apt to start services, where nobody has decided that yet. A policy that is there stays as it is.
forbid_services() {
    [[ -e $policy_file ]] && return 0
    printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" | as_root tee "$policy_file" >/dev/null
    as_root chmod 755 "$policy_file"
}

# Takes away what forbid_services has put there, known by its mark. Scripts call it from their exit trap too.
allow_services_again() {
    if grep -qsF "$policy_mark" "$policy_file"; then as_root rm -f "$policy_file"; fi
    [[ -z $apt_log ]] || rm -f "$apt_log"
    apt_log=
}

apt_quietly() { as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o Dpkg::Use-Pty=0 "$@"; }

# install_packages PURPOSE PACKAGE...: installs what is missing of the packages; a missing way to do so stops the script.
install_packages() {
    local purpose=$1 missing
    shift
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        if [[ -n ${PACKAGES_ARE_HERE:-} ]]; then return 0; fi
        stop "this is not a Debian system, so nothing can be installed here. To $purpose, these Debian 12 packages" \
            "(or what your system calls them) are needed: $*. If they are there, set PACKAGES_ARE_HERE=1."
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} == 0)) && return 0
    say "Installing with apt, to $purpose: ${missing[*]}"
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        stop "installing needs root. Run as root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    apt_quietly update >/dev/null || say "apt-get update failed; trying with the package lists that are here."
    local plan
    plan=$(apt_quietly -s install --no-install-recommends "${missing[@]}" 2>&1) ||
        stop "apt cannot install ${missing[*]}: $(tail -n 3 <<<"$plan")"
    if grep -q '^Remv ' <<<"$plan"; then
        stop "installing ${missing[*]} would remove $(awk '/^Remv /{print $2}' <<<"$plan" | xargs). Nothing was changed."
    fi
    local failed=no
    apt_log=$(mktemp)
    forbid_services
    apt_quietly install -y --no-install-recommends "${missing[@]}" </dev/null 2>&1 |
        tee "$apt_log" | grep --line-buffered -E '^(Need to get|Get:|Setting up) ?' || true
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} == 0)) || failed=yes
    [[ $failed == no ]] || tail -n 20 "$apt_log" >&2
    allow_services_again
    [[ $failed == no ]] || stop "apt did not install: ${missing[*]}"
}

# Installs Postfix and Dovecot for the tests that talk to a real server, unless that could disturb a mail server of this
# machine. The tests start private instances of their own; the packages' own services stay off, at the next boot too.
# Prints why not, and returns 1, where they are not installed.
install_mail_servers() {
    local missing foreign service
    command -v dpkg-query >/dev/null || { say "this is not a Debian system"; return 1; }
    mapfile -t missing < <(missing_packages "${server_packages[@]}")
    ((${#missing[@]} == 0)) && return 0
    foreign=$(foreign_mail_server | head -n 1)
    if [[ -n $foreign ]]; then
        say "this machine has a mail server ($foreign) that installing Postfix would replace"
        return 1
    fi
    if [[ -e $policy_file ]] && services_may_start; then
        say "$policy_file lets apt start services, and a Postfix of this machine's own must not run"
        return 1
    fi
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        say "installing Postfix and Dovecot needs root"
        return 1
    fi
    if [[ " ${missing[*]} " == *" postfix "* ]]; then
        # No main.cf for the machine: the package's own service has nothing to start with.
        echo 'postfix postfix/main_mailer_type select No configuration' | as_root debconf-set-selections
    fi
    install_packages "test against real servers (their services are not started)" "${missing[@]}" >&2
    for service in postfix dovecot; do
        [[ " ${missing[*]} " == *" ${service/%dovecot/dovecot-core} "* ]] || continue
        as_root deb-systemd-helper disable "$service.service" >/dev/null 2>&1 || true
        as_root update-rc.d "$service" disable >/dev/null 2>&1 || true
    done
}
