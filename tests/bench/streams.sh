#!/usr/bin/env bash
# kill -9, a hang-up, and a stream that cannot be written any more, at every step of a planned failover, in a lab of its own: who holds the
# two virtual IPs afterwards. A report; exit code 1 when a cell has another number of holders than one.
#   tests/bench/streams.sh [step…]
# LBCTL_BIN=FILE tries that binary. A cell is HOLDER/EXIT CODE, or v4+v6 where a stopped move left each address whole on another node. After a
# kill -9 it is what is there at once, then what is there after the command that assess names first, if it names a run. A stream is a file on
# a tmpfs (stdout: JSON, stderr: for people), which is filled to its last byte as soon as the step's line is read.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

export XDG_STATE_HOME=$scratch/state
mountpoint=$scratch/disk bad=0 from=lb1 to=lb2
row() { printf '%-7s %-36s %-14s %-14s %-14s %s\n' "$@"; }
run() { "$binary" "--lab=$lab" "$@"; }

# $1 address  → "lb1", "lb1&lb2", "nobody"
holder() {
    local node found=
    for node in lb1 lb2; do
        ip -n "$network-$node" -br addr show dev eth0 | grep -qF " $1/" && found+=${found:+&}$node
    done
    echo "${found:-nobody}"
}

holders() {
    local v4 v6
    v4=$(holder "$vip") v6=$(holder "$vip6")
    [[ $v4 = "$v6" ]] && echo "$v4" || echo "$v4+$v6"
}

# $1 what is there in the end: one holder an address, or the report fails
judge() { [[ $1 != *'&'* && $1 != *nobody* ]] || bad=$((bad + 1)); }

# One that stopped in the middle is taken back, one that is done makes the next one go the other way.
go_on() {
    case $(holders) in
        "$to") local swap=$from; from=$to to=$swap ;;
        "$from") ;;
        *) run undo --yes >/dev/null 2>&1 || true ;;
    esac
    rm -rf "$XDG_STATE_HOME"
}

# lbctl appends: the next thing that it says comes after the last byte that there is.
fill() { cat /dev/zero >>"$watched" 2>/dev/null || true; }

# $1 what  $2 step, from 0
cell() {
    local pid code=0 before after next
    local out=$scratch/out err=$scratch/err format=json watched line
    case $1 in
        stdout) out=$mountpoint/out ;;
        stderr) err=$mountpoint/err format=human ;;
    esac
    if [[ $1 = stdout || $1 = stderr ]]; then
        mount -t tmpfs -o size=256k lbctl-bench "$mountpoint"
    fi
    : >"$out"; : >"$err"
    case $1 in
        full) "$binary" "--lab=$lab" failover "$from" "$to" --yes --output json >/dev/full 2>/dev/full & ;;
        *) "$binary" "--lab=$lab" failover "$from" "$to" --yes --output "$format" >>"$out" 2>>"$err" & ;;
    esac
    pid=$!
    watched=$out line="\"type\":\"step\",\"index\":$2,"
    [[ $1 != stderr ]] || { watched=$err line=" $(($2 + 1))/$steps "; }
    if [[ $1 != full ]]; then
        until grep -qF -- "$line" "$watched" || ! kill -0 "$pid" 2>/dev/null; do :; done
    fi
    case $1 in
        kill) kill -KILL "$pid" 2>/dev/null || true ;;
        hup) kill -HUP "$pid" 2>/dev/null || true ;;
        stdout | stderr) fill ;;
    esac
    wait "$pid" 2>/dev/null || code=$?
    before=$(holders)
    after=$before
    if [[ $1 = kill ]]; then
        next=$(run assess --output json 2>/dev/null | jq -r '.findings[0] | select(.code == "RunUnfinished") | .next' || true)
        if [[ -n $next ]]; then
            read -ra words <<<"$next"
            "$binary" "${words[@]:1}" --yes >"$scratch/next.log" 2>&1 || code=$code!
        fi
        after=$(holders)
        result="$before/$code > $after${next:+ (${words[2]})}"
    else
        result="$before/$code"
    fi
    judge "$after"
    if [[ $1 = stdout || $1 = stderr ]]; then umount "$mountpoint"; fi
    go_on
}

lab_up
mkdir -p "$mountpoint"
config=/run/lbctl/labs/$lab/config.yaml
vip=$(sed -n 's/.*name: public, address: \([0-9.]*\).*/\1/p' "$config")
vip6=$(sed -n 's/.*name: public6, address: "\{0,1\}\([0-9a-f:]*\).*/\1/p' "$config")
network=lb$(cut -d. -f3 <<<"$vip")
steps=$(run failover lb1 lb2 --dry-run --output json 2>/dev/null | jq -s '.[0].steps | length')
wanted=("$@")
[[ $# -gt 0 ]] || mapfile -t wanted < <(seq "$steps")

row step "kill -9 > after assess" "hang-up" "stdout fills" "stderr fills" "both /dev/full"
for step in "${wanted[@]}"; do
    cells=()
    for what in kill hup stdout stderr full; do
        # From the start on there is no step.
        if [[ $what = full && $step != "${wanted[0]}" ]]; then cells+=(""); continue; fi
        cell "$what" $((step - 1))
        cells+=("$result")
    done
    row "$step/$steps" "${cells[@]}"
done
echo "$bad cells without exactly one holder an address"
[[ $bad -eq 0 ]]
