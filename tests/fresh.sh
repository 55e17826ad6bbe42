#!/usr/bin/env bash
# The README's two commands as a stranger meets them: in a bare Debian (debootstrap) that has the .NET SDK with the libraries that it
# names, a clone of HEAD, and nothing else. Prints what each command had to install and how long it took; the last line is a summary.
#
#   tests/fresh.sh                            ./install.sh --try, then tests/run.sh
#   tests/fresh.sh -- -class '*LabSweep*'     what follows goes to tests/run.sh
#
# Needs root, and this machine's own Debian or Ubuntu as the pattern: suite, package sources, certificates, proxy and NuGet settings. The
# bare root is kept in /var/cache/lbctl-fresh for the next time (LBCTL_FRESH=DIR: another place; remove it to have it made anew).
# Mounts and processes are in namespaces of their own, which end with the run; the network is this machine's, for the packages.
set -euo pipefail

export LC_ALL=C DEBIAN_FRONTEND=noninteractive PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${LBCTL_FRESH:-/var/cache/lbctl-fresh}
root=
runner=

refuse() {
    printf 'fresh: %s\n' "$1" >&2
    exit 3
}

[[ $EUID -eq 0 ]] || refuse "a root to change into needs root: sudo $0"
command -v apt-get >/dev/null || refuse "this machine has no apt-get, and so no sources that a bare Debian could be made from"
dotnet=$(readlink -f "$(command -v dotnet || true)")
[[ -n $dotnet ]] || refuse "there is no dotnet in PATH to be put into the bare root"
[[ ${1:-} != -- ]] || shift

clean_up() {
    local code=$?
    trap '' INT TERM HUP
    trap - EXIT
    # The inner shell hands TERM on to its command, and both commands take their labs down; then everything in there ends with it.
    if [[ -n $runner ]]; then
        pkill -TERM -P "$runner" 2>/dev/null || true
        wait "$runner" 2>/dev/null || true
    fi
    [[ -z $root ]] || rm -rf --one-file-system "$root"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# origin|address|suite|codename|component of every package list of this machine
sources() { apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(CODENAME)|$(COMPONENT)' 'Created-By: Packages'; }

find_sources() {
    # shellcheck source=/dev/null
    suite=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    command -v debootstrap >/dev/null && [[ -n $(sources | grep "|$suite|main$") ]] || apt-get update -q >/dev/null
    command -v debootstrap >/dev/null || apt-get install -y -q --no-install-recommends debootstrap >/dev/null
    local main
    main=$(sources | grep "|$suite|main$" | head -n 1)
    [[ -n $main ]] || refuse "no package source of this machine has $suite/main"
    IFS='|' read -r origin mirror _ <<<"$main"
    base=$cache/$suite-$(dpkg --print-architecture)
}

# Sources, proxies, names and certificates are this machine's; the packages of other vendors are not.
copy_settings() {
    local to=$1 file
    cp -rT /etc/apt/apt.conf.d "$to/etc/apt/apt.conf.d"
    [[ ! -e /etc/apt/apt.conf ]] || cp /etc/apt/apt.conf "$to/etc/apt/"
    sources | awk -F'|' -v origin="$origin" '$1 == origin { print "deb", $2, $3, $5 }' | sort -u >"$to/etc/apt/sources.list"
    mkdir -p "$to/etc/ssl" "$to/usr/local/share/ca-certificates"
    cp -rLT /etc/ssl/certs "$to/etc/ssl/certs"
    cp -rT /usr/local/share/ca-certificates "$to/usr/local/share/ca-certificates"
    cp -L /etc/resolv.conf /etc/hosts "$to/etc/"
    for file in .nuget/NuGet .config/NuGet; do
        [[ ! -d $HOME/$file ]] || { mkdir -p "$to/root/$file" && cp -rT "$HOME/$file" "$to/root/$file"; }
    done
    [[ ! -d /etc/opt/NuGet ]] || { mkdir -p "$to/etc/opt" && cp -rT /etc/opt/NuGet "$to/etc/opt/NuGet"; }
}

# The newest of a library whose package has its version in its name.
newest() { chroot "$1" apt-cache pkgnames | grep -E "$2" | sort -V | tail -n 1; }

# What the SDK asks for: https://learn.microsoft.com/dotnet/core/install/linux-debian#dependencies
fill_base() {
    debootstrap --variant=minbase "$suite" "$base.new" "$mirror" \
        && copy_settings "$base.new" \
        && chroot "$base.new" apt-get update -q \
        && chroot "$base.new" apt-get install -y -q --no-install-recommends libgcc-s1 libstdc++6 zlib1g tzdata \
            "$(newest "$base.new" '^libicu[0-9]+$')" "$(newest "$base.new" '^libssl3(t64)?$')"
}

make_base() {
    [[ ! -d $base ]] || return 0
    printf '== a bare %s into %s\n' "$suite" "$base"
    rm -rf "$base.new"
    mkdir -p "$cache"
    if ! fill_base >"$cache/base.log" 2>&1; then
        tail "$cache/base.log" >&2
        refuse "the bare root could not be made (above; all of it in $cache/base.log)"
    fi
    mv "$base.new" "$base"
}

make_root() {
    root=$(mktemp -d "$cache/run.XXXXXX")
    cp -aT "$base" "$root"
    copy_settings "$root"
    mkdir -p "$root/usr/share/dotnet" "$root/.old"
    git clone -q "file://$repository" "$root/root/lbctl"
    git -C "$repository" diff --quiet HEAD || printf 'Note: what is not committed is not tried\n'
}

environment() { env -0 | grep -zE '^(([a-z]+|[A-Z]+)_(proxy|PROXY)|NUGET_[A-Z_]+|SSL_CERT_(FILE|DIR)|TERM)=' || true; }

run_inside() {
    local variables
    mapfile -d '' -t variables < <(environment)
    env -i "${variables[@]}" HOME=/root LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        unshare --mount --propagation private --pid --fork --kill-child \
        bash "$repository/tests/fresh-inside.sh" "$root" "$(dirname "$dotnet")" "$@" </dev/null &
    runner=$!
    local code=0
    wait "$runner" || code=$?
    runner=
    return "$code"
}

find_sources
make_base
make_root
run_inside "$@"
