# shellcheck shell=bash
# The inner half of fresh.sh, first process of its namespaces: $1 the bare root  $2 the SDK  $3… for tests/run.sh.
set -euo pipefail
root=$1 sdk=$2
shift 2
results=()
bad=0

# A lab's hosts need namespaces of their own, which a mere chroot cannot have: `/` must be a mount.
enter() {
    mount --rbind "$root" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /sys "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs -o mode=755 run "$root/run"
    mount -t tmpfs tmp "$root/tmp"
    mount --bind "$sdk" "$root/usr/share/dotnet"
    mount -o remount,bind,ro "$root/usr/share/dotnet"
    cd "$root"
    pivot_root . .old
    cd /root/lbctl
    umount -l /.old
    rmdir /.old
    hash -r
    ln -s /usr/share/dotnet/dotnet /usr/local/bin/dotnet
}

packages() { dpkg-query -W -f '${Package}\n' | sort; }
chosen() { apt-mark showmanual | sort; }
bridges() { ls /sys/class/net | grep -E '^lb[0-9]+$' || true; }

# A first process gets no signal that it does not ask for.
command=
stopped=
trap 'stopped=1; [[ -z $command ]] || kill -TERM "$command" 2>/dev/null' TERM INT HUP

# $1 the command's name, then the command. What it says is shown and kept.
try() {
    local name=$1 code=0 before=$SECONDS had chose took new count result screen reader
    shift
    had=$(packages) chose=$(chosen)
    printf '\n== fresh: %s\n' "$*"
    exec {screen}> >(tee /root/output)
    reader=$!
    "$@" >&"$screen" 2>&1 &
    command=$!
    exec {screen}>&-
    # A signal ends a wait, but not yet the command.
    while kill -0 "$command" 2>/dev/null; do code=0; wait "$command" || code=$?; done
    command=
    wait "$reader" || true
    took=$(printf '%d:%02d' $(((SECONDS - before) / 60)) $(((SECONDS - before) % 60)))
    new=$(comm -13 <(printf '%s\n' "$chose") <(chosen) | paste -sd ' ')
    count=$(comm -13 <(printf '%s\n' "$had") <(packages) | wc -l)
    printf '== fresh: %s: exit code %d after %s; installed %d packages%s\n' "$name" "$code" "$took" "$count" "${new:+: $new and what they need}"
    result=passed
    [[ $code -eq 0 ]] || { result="FAILED ($code)"; bad=1; }
    results+=("$name $result in $took, $count packages$(tail -n 1 /root/output | sed -n '/ passed, /s/^/, /p')")
}

before=$(bridges)
enter
try "install.sh --try" ./install.sh --try
[[ -n $stopped ]] || try tests/run.sh tests/run.sh "$@"
left=$(comm -13 <(printf '%s\n' "$before") <(bridges) | paste -sd ' ')
[[ -z $left ]] || printf 'Note: network bridges that were not here before: %s\n' "$left"
. /etc/os-release
printf 'fresh %s %s: ' "$ID" "$VERSION_CODENAME"
printf '%s; ' "${results[@]}" | sed 's/; $/\n/'
exit "$bad"
