#!/usr/bin/env bash
# Builds lbctl from this clone and installs it; --try shows it at work in a lab on this machine. `./install.sh --help`
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DEBIAN_FRONTEND=noninteractive

readonly FROM=lb1 TO=lb2 RPS=200
prefix=/usr/local
action=install
lab=
probe=
scratch=
rid=

usage() {
    cat <<END
usage: ./install.sh [--prefix DIR] [--try | --uninstall | --build | --lab-packages | --test-packages]

  ./install.sh                     build lbctl and install it as /usr/local/bin/lbctl
  ./install.sh --prefix ~/.local   … as ~/.local/bin/lbctl
  ./install.sh --try               the same, then watch a failover: a lab on this machine, real traffic,
                                   \`lbctl failover $FROM $TO\`, what the clients saw. Takes the lab down again.
                                   Needs root and installs Debian packages (haproxy, nginx, sshd …) that are
                                   missing; none of them is started or enabled on this machine
  ./install.sh --build             only build: artifacts/linux-…/lbctl
  ./install.sh --lab-packages      only the packages of a lab
  ./install.sh --test-packages     those, and what tests/run.sh needs besides
  ./install.sh --uninstall         remove the binary (configuration and journals stay)

Needs the .NET SDK 10 to build; what it installs needs no .NET. It is native code, which takes a linker (clang or gcc): root gets
gcc installed where there is none; where it cannot be had, lbctl becomes a larger file that starts more slowly and does the same.
END
}

say() { printf '%s\n' "$*"; }
heading() { printf '\n== %s\n' "$*"; }

# What, why, and the line to type.
refuse() {
    printf 'install.sh: %s\n' "$1" >&2
    if [[ $# -gt 1 ]]; then printf 'Next: %s\n' "$2" >&2; fi
    exit 3
}

read_arguments() {
    while [[ $# -gt 0 ]]; do
        case $1 in
            --prefix) prefix=${2:?--prefix needs a directory}; shift ;;
            --prefix=*) prefix=${1#*=} ;;
            --try) action=try ;;
            --uninstall) action=uninstall ;;
            --build) action=build ;;
            --lab-packages) action=lab_packages ;;
            --test-packages) action=test_packages ;;
            -h | --help) usage; exit 0 ;;
            *) printf 'install.sh: %s is not known\n\n' "$1" >&2; usage >&2; exit 64 ;;
        esac
        shift
    done
    [[ $prefix == /* ]] || prefix=$PWD/$prefix
}

# --- what must be there ------------------------------------------------------------------------------------------------------

require_linux() {
    [[ $(uname -s) == Linux ]] || refuse "this is $(uname -s); lbctl is built here for Linux (on Windows: install.ps1)"
    case $(uname -m) in
        x86_64) rid=linux-x64 ;;
        aarch64) rid=linux-arm64 ;;
        *) refuse "this is $(uname -m); lbctl is built for x86_64 and aarch64" ;;
    esac
}

# sudo drops the caller's PATH, and a user's own SDK with it.
find_dotnet() {
    local home=$HOME folder
    [[ -z ${SUDO_USER:-} ]] || home=$(getent passwd "$SUDO_USER" | cut -d: -f6)
    for folder in "" "${DOTNET_ROOT:-}" "$home/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        [[ -z $folder || -x $folder/dotnet ]] || continue
        if has_sdk "${folder:+$folder/}dotnet"; then
            [[ -z $folder ]] || { export DOTNET_ROOT=$folder PATH="$folder:$PATH"; }
            return
        fi
    done
    refuse "there is no .NET SDK 10 here, which builds lbctl; nothing was changed. Get it at https://dotnet.microsoft.com/download" "./install.sh"
}

has_sdk() { command -v "$1" >/dev/null && "$1" --list-sdks 2>/dev/null | awk -F. '$1 >= 10 { found = 1 } END { exit !found }'; }

require_root() { [[ $EUID -eq 0 ]] || refuse "$1 needs root; nothing was changed" "sudo ./install.sh $2"; }

require_writable_prefix() {
    local folder=$prefix/bin
    until [[ -e $folder ]]; do folder=$(dirname "$folder"); done
    [[ -d $folder ]] || refuse "$folder is not a directory; choose another --prefix"
    [[ -w $folder ]] || refuse "$folder is not yours to write; nothing was changed" "sudo ./install.sh --prefix $prefix   (or: ./install.sh --prefix ~/.local)"
}

require_lab_kernel() {
    local what
    unshare --mount --net --pid --fork true 2>/dev/null \
        || refuse "this kernel (or the container around this shell) does not let root make namespaces, which a lab's hosts are; ./install.sh without --try works"
    grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null || refuse "this kernel has no overlay file system, which a lab's hosts live on"
    for what in bridge veth; do
        unshare --net ip link add lbctl-try type "$what" 2>/dev/null || refuse "this kernel has no network devices of type $what, which connect a lab's hosts"
    done
}

# --- packages ----------------------------------------------------------------------------------------------------------------

# program:package, or /file:package where a package brings no program
lab_packages=(
    systemd-nspawn:systemd-container /usr/lib/systemd/systemd:systemd ip:iproute2 ssh:openssh-client sshd:openssh-server
    haproxy:haproxy nginx:nginx-light keepalived:keepalived socat:socat arping:iputils-arping nft:nftables iptables:iptables
    unshare:util-linux jq:jq sudo:sudo ndptool:libndp-tools ndisc6:ndisc6 pgrep:procps
    '/usr/lib/*/faketime/libfaketime.so.1:libfaketime'
)
test_packages=(curl:curl python3:python3 openssl:openssl zsh:zsh fish:fish tcsh:tcsh)
linker_packages=(gcc:gcc '/usr/include/stdlib.h:libc6-dev')

is_there() {
    case $1 in
        /*) compgen -G "$1" >/dev/null ;;
        *) type -P "$1" >/dev/null ;;
    esac
}

missing_packages() {
    local entry
    for entry in "$@"; do
        is_there "${entry%%:*}" || printf '%s\n' "${entry##*:}"
    done
}

# $1 what for  $2… program:package
install_packages() {
    local purpose=$1 missing
    mapfile -t missing < <(missing_packages "${@:2}")
    if [[ ${#missing[@]} -eq 0 ]]; then
        say "packages for $purpose: all there"
        return
    fi
    has_apt || refuse "missing for $purpose: ${missing[*]} (Debian's names), and there is no apt-get here; install them your way"
    say "packages for $purpose: installing ${missing[*]}"
    apt_quietly update
    without_starting_services apt_quietly install --no-install-recommends "${missing[@]}"
    disable_new_services "${missing[@]}"
}

has_apt() { command -v apt-get >/dev/null; }

apt_quietly() {
    local log
    log=$(mktemp)
    if ! apt-get -y -q -o DPkg::Lock::Timeout=120 "$@" >"$log" 2>&1 </dev/null; then
        tail -n 15 "$log" >&2
        rm -f "$log"
        refuse "apt-get $1 failed (above)"
    fi
    rm -f "$log"
}

# Debian starts a daemon as soon as it is installed: an HAProxy, an nginx on port 80 and an sshd that nobody asked for.
without_starting_services() (
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 130' INT
        trap 'exit 143' TERM HUP
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    "$@"
)

disable_new_services() {
    command -v systemctl >/dev/null || return 0
    local package
    for package in "$@"; do
        case $package in
            haproxy | nftables) systemctl --quiet disable "$package" 2>/dev/null || true ;;
            nginx-light) systemctl --quiet disable nginx 2>/dev/null || true ;;
            openssh-server) systemctl --quiet disable ssh.service ssh.socket 2>/dev/null || true ;;
        esac
    done
}

# --- build, install, uninstall -----------------------------------------------------------------------------------------------

# As the SDK asks for it: clang, else gcc; each with the C library's files.
can_link() {
    local linker
    linker=$(type -P clang || type -P gcc) || return 1
    printf 'int main(void) { return 0; }\n' | "$linker" -x c -o /dev/null - 2>/dev/null
}

# Whoever cannot have a linker gets an lbctl all the same.
prepare_linker() {
    can_link && return
    if [[ $EUID -eq 0 ]] && has_apt && (install_packages "the linker" "${linker_packages[@]}") && can_link; then return; fi
    say "Note: there is no linker (clang or gcc with libc6-dev), and it could not be installed: lbctl becomes a larger, slower file"
    return 1
}

build() {
    local log=$root/artifacts/install.log options=()
    prepare_linker || options=(-p:PublishAot=false)
    say "building lbctl for $rid (a minute or two on two cores) …"
    mkdir -p "$root/artifacts"
    # The analyzers judge the code where it is developed (tests/run.sh); here they would only cost time.
    if ! dotnet publish "$root/src/LbRunbook.Cli" -c Release -r "$rid" --artifacts-path "$root/artifacts/publish" -o "$root/artifacts/$rid" \
        -p:RunAnalyzers=false "${options[@]}" --disable-build-servers -v quiet >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        refuse "the build failed (above; all of it in $log); nothing was installed"
    fi
}

install_binary() {
    mkdir -p "$prefix/bin"
    # Renamed into place: writing into a running binary fails, and a half-written one must never be found by anybody.
    install -m 0755 "$root/artifacts/$rid/lbctl" "$prefix/bin/.lbctl.new"
    mv -f "$prefix/bin/.lbctl.new" "$prefix/bin/lbctl"
    say "installed $prefix/bin/lbctl ($("$prefix/bin/lbctl" --version))"
    # Not `command -v`, which finds the function of that name below.
    [[ $(type -P lbctl || true) -ef $prefix/bin/lbctl ]] || say "Note: your PATH does not lead to it; say: export PATH=\"$prefix/bin:\$PATH\""
}

uninstall() {
    if [[ ! -e $prefix/bin/lbctl ]]; then
        say "there is no $prefix/bin/lbctl: nothing to remove"
        return
    fi
    [[ -w $prefix/bin ]] || refuse "$prefix/bin is not yours to write; nothing was changed" "sudo ./install.sh --uninstall --prefix $prefix"
    rm -f "$prefix/bin/lbctl"
    say "removed $prefix/bin/lbctl. Configuration (/etc/lbctl, ~/.config/lbctl) and journals (/var/lib/lbctl, ~/.local/state/lbctl) are as they were."
}

# --- the trial ---------------------------------------------------------------------------------------------------------------

lbctl() { "$prefix/bin/lbctl" "$@"; }

clean_up() {
    local code=$?
    # Nothing may stop this half-way.
    trap '' INT TERM HUP
    trap - EXIT
    if [[ -n $probe ]]; then
        kill -TERM "$probe" 2>/dev/null || true
        wait "$probe" 2>/dev/null || true
    fi
    [[ -z $lab ]] || lbctl lab down --name "$lab" || say "Next: lbctl lab down --name $lab" >&2
    [[ -z $scratch ]] || rm -rf "$scratch"
    exit "$code"
}

fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit 1
}

assess() {
    local code=0
    heading "lbctl --lab=$lab assess"
    lbctl "--lab=$lab" assess || code=$?
    # 1 and 2 are verdicts; everything else means that there was none.
    [[ $code -le 2 ]] || fail "assess could not say how the lab is (exit code $code)"
}

# How many requests the proxy on a node has taken so far.
requests_on() {
    lbctl lab exec "$1" --name "$lab" -- sh -c 'echo "show info" | socat - /run/haproxy/admin.sock' 2>/dev/null | sed -n 's/^CumReq: //p'
}

await_traffic_on() {
    local node=$1 wanted deadline=$((SECONDS + 30)) now
    wanted=$(($(requests_on "$node") + 2 * RPS))
    while now=$(requests_on "$node"); [[ ${now:-0} -lt $wanted ]]; do
        kill -0 "$probe" 2>/dev/null || return 1
        [[ $SECONDS -lt $deadline ]] || return 1
        sleep 0.1
    done
}

start_traffic() {
    say "the lab's client sends $RPS requests a second to the virtual IP, each on a new connection"
    # The program itself, not the function above: the signal that ends it must not end a shell around it.
    "$prefix/bin/lbctl" "--lab=$lab" probe --from client --rps "$RPS" --for 2m --output json >"$scratch/probe.json" 2>"$scratch/probe.log" &
    probe=$!
    await_traffic_on "$FROM" || { cat "$scratch/probe.log" >&2; fail "no traffic arrived on $FROM"; }
}

# TERM ends the measurement early, with its report.
stop_traffic() {
    kill -TERM "$probe" 2>/dev/null || true
    wait "$probe" || true
    probe=
    [[ -s $scratch/probe.json ]] || { cat "$scratch/probe.log" >&2; fail "the client reported nothing"; }
}

report_traffic() {
    heading "what the client saw"
    jq -r '
        "requests        \(.requests), \(.requestedRps) a second over \(.durationMs / 100 | round / 10) s",
        "failures        \(if .failed == 0 then "none" else "\(.failed): \(.failures | to_entries | map("\(.value) \(.key)") | join(", "))" end)",
        "longest outage  \(if .longestOutage then "\(.longestOutage.durationMs | round) ms" else "none" end)",
        "answered by     \(.answerers | sort_by(.firstAtMs) | map("\(.name) (\(.requests) requests, \(.firstAtMs / 10 | round / 100) s to \(.lastAtMs / 10 | round / 100) s)") | join(", then "))"
    ' "$scratch/probe.json"
}

moved() {
    jq -e --arg from "$FROM" --arg to "$TO" '
        (.answerers | sort_by(.firstAtMs) | first.name) == $from and (.answerers | sort_by(.lastAtMs) | last.name) == $to
    ' "$scratch/probe.json" >/dev/null
}

try_it() {
    local code=0
    lab=try-$$
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    scratch=$(mktemp -d)
    heading "lbctl lab up --name $lab"
    lbctl lab up --name "$lab"
    assess
    heading "lbctl --lab=$lab failover $FROM $TO"
    start_traffic
    lbctl "--lab=$lab" failover "$FROM" "$TO" --yes || code=$?
    await_traffic_on "$TO" || true
    stop_traffic
    report_traffic
    assess
    [[ $code -eq 0 ]] || fail "failover ended with exit code $code"
    moved || fail "the traffic did not move from $FROM to $TO"
    heading "the traffic moved from $FROM to $TO; now the lab goes"
    lbctl lab down --name "$lab"
    lab=
    next_steps
}

next_steps() {
    cat <<END

Next:
  lbctl lab up                           a lab of your own; \`lbctl lab down\` takes it away
  lbctl --lab failover lb1 lb2           move its traffic
  lbctl --lab undo                       and back
  lbctl lab break host-freeze lb1        let something go wrong, then: lbctl --lab assess
  install -D -m 600 config/lbctl.example.yaml /etc/lbctl/config.yaml
                                         describe your own cluster there, then: lbctl assess
END
}

# -----------------------------------------------------------------------------------------------------------------------------

main() {
    read_arguments "$@"
    case $action in
        uninstall) uninstall ;;
        lab_packages)
            require_linux
            require_root "installing packages" --lab-packages
            install_packages "the lab" "${lab_packages[@]}" ;;
        build)
            require_linux
            find_dotnet
            build
            say "built $root/artifacts/$rid/lbctl" ;;
        test_packages)
            require_linux
            require_root "installing packages" --test-packages
            install_packages "the lab and the tests" "${lab_packages[@]}" "${test_packages[@]}" ;;
        install)
            require_linux
            require_writable_prefix
            find_dotnet
            build
            install_binary
            say "Next: ./install.sh --try   (or: lbctl --help)" ;;
        try)
            require_linux
            require_root "a lab" --try
            require_writable_prefix
            find_dotnet
            install_packages "the lab" "${lab_packages[@]}"
            require_lab_kernel
            build
            install_binary
            try_it ;;
    esac
}

main "$@"
