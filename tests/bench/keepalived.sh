#!/usr/bin/env bash
# What clients see where keepalived carries the virtual IP, with lbctl and without it, at 200 new connections a second, in labs of its own.
# A report, not a test:
#   tests/bench/keepalived.sh [seconds of traffic around a planned move]
# Duplicate and missing address are taken from the kernels' own events (ip -ts monitor in both nodes' namespaces, microseconds), not sampled.
# BARE rows: nobody types anything; keepalived at its defaults is alone with the fault for 15 s.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
command -v keepalived >/dev/null || { echo "keepalived is missing: ./install.sh --lab-packages" >&2; exit 3; }

rps=200
alone=15
monitors=()
row() { printf '%-40s %8s %7s %10s %10s %9s  %s\n' "$@"; }

keep_up() {
    lab=bench-$$
    "$binary" lab up --name "$lab" --keepalived >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log" >&2; exit 1; }
    vip=$(sed -n 's/.*{name: public, address: \([0-9.]*\).*/\1/p' "/run/lbctl/labs/$lab/config.yaml")
    index=$(cut -d. -f3 <<<"$vip")
}

# From the client's network, not from its file system: any build of lbctl will do.
start_probe() {
    local before now deadline=$((SECONDS + 30))
    before=$(requests_on "$2")
    ip netns exec "lb$index-client" "$binary" probe "http://$vip/health" --rps "$1" --for 2m --output json >"$scratch/probe.json" 2>"$scratch/probe.log" &
    probe=$!
    while now=$(requests_on "$2"); [[ ${now:-0} -lt $((before + 2 * $1)) ]]; do
        if ! kill -0 "$probe" || [[ $SECONDS -ge $deadline ]]; then
            cat "$scratch/probe.log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

on() { "$binary" lab exec "$1" --name "$lab" -- sh -c "$2" >/dev/null 2>&1; }

watch_addresses() {
    local node
    monitors=()
    for node in lb1 lb2; do
        if ip -n "lb$index-$node" -o addr show dev eth0 to "$vip" | grep -q .; then echo "$node 0 +"; fi >"$scratch/$node.first"
        # Line by line: what stdio still held when it is ended would be lost.
        stdbuf -oL ip -n "lb$index-$node" -ts -o monitor address >"$scratch/$node.events" 2>/dev/null &
        monitors+=($!)
    done
    # Subscribed before anything may happen.
    sleep 0.3
}

# Milliseconds during which both, and none, had it, to the end of the measurement.
addresses() {
    local now
    now=$(micros)
    kill "${monitors[@]}" 2>/dev/null || true
    wait "${monitors[@]}" 2>/dev/null || true
    {
        cat "$scratch"/lb[12].first
        echo "end $now ="
        for node in lb1 lb2; do
            { grep -F " $vip/" "$scratch/$node.events" || true; } | sed -n "s/^\[\([^]]*\)\] *\(Deleted\)\{0,1\}.*/$node \1 \2/p" | while read -r name at what; do
                printf '%s %s %s\n' "$name" "$(date -d "${at/T/ }" +%s%6N)" "$([[ $what == Deleted ]] && echo - || echo +)"
            done
        done
    } | sort -n -k2 | awk '
        $2 > 0 && last { if (held["lb1"] && held["lb2"]) both += $2 - last; else if (!held["lb1"] && !held["lb2"]) none += $2 - last }
        { held[$1] = $3 == "+"; if ($2 > 0) last = $2 }
        END { printf "%.1f %.1f %s%s\n", both / 1000, none / 1000, held["lb1"] ? "lb1" : "", held["lb2"] ? (held["lb1"] ? "+lb2" : "lb2") : "" }'
}

# $1 label; the probe has ended.
report() {
    local both none holders
    read -r both none holders < <(addresses)
    jq -r --arg case "$1" --arg both "$both" --arg none "$none" --arg holders "${holders:-nobody}" '
        [$case, .requests, .failed, "\(if .longestOutage then .longestOutage.durationMs | round else 0 end) ms\(if .longestOutage and (.longestOutage.recovered | not) then "+" else "" end)", "\($both) ms", "\($none) ms",
         $holders + ", answered by " + (.answerers | sort_by(.firstAtMs) | map(.name) | join(" > "))] | @tsv' "$scratch/probe.json" >"$scratch/row"
    IFS=$'\t' read -r -a cells <"$scratch/row"
    row "${cells[@]}"
}

# $1 label  $2 from  $3 to: traffic before, during and after, at least 1500 requests.
planned() {
    local code=0
    start_probe "$rps" "$2"
    watch_addresses
    "$binary" "--lab=$lab" failover "$2" "$3" --yes >"$scratch/failover.log" 2>&1 || code=$?
    sleep "${seconds:-4}"
    stop_probe
    report "$1"
    [[ $code -eq 0 ]] || { echo "    exit code $code"; tail -n 6 "$scratch/failover.log"; }
}

# $1 fault: an address of lb1 is in trouble
break_it() {
    case $1 in
        proxy-killed) "$binary" lab break proxy-kill lb1 --name "$lab" >/dev/null ;;
        host-frozen) "$binary" lab break host-freeze lb1 --name "$lab" >/dev/null ;;
        link-cut) "$binary" lab break host-cut lb1 --name "$lab" >/dev/null ;;
        # The parent last: alone it would tell its child to clean up.
        keepalived-killed) on lb1 'main=$(systemctl show -P MainPID keepalived); kill -STOP $main; kill -KILL $(pgrep -P $main -x keepalived); kill -KILL $main' ;;
        keepalived-frozen) on lb1 'kill -STOP $(pgrep -P $(systemctl show -P MainPID keepalived) -x keepalived)' ;;
    esac
}

# $1 fault  $2 bare|lbctl
emergency() {
    local code=0
    keep_up
    start_probe "$rps" lb1
    watch_addresses
    break_it "$1"
    if [[ $2 == lbctl ]]; then
        "$binary" "--lab=$lab" failover lb1 lb2 --yes >"$scratch/failover.log" 2>&1 || code=$?
        sleep 4
    else
        sleep "$alone"
    fi
    # What a frozen process does when it goes on is a part of the story.
    if [[ $1 == keepalived-frozen ]]; then
        on lb1 'pkill -CONT -x keepalived' || true
        sleep 4
    fi
    stop_probe
    report "$1, $([[ $2 == lbctl ]] && echo lbctl failover || echo bare keepalived)"
    [[ $code -eq 0 ]] || { echo "    exit code $code"; tail -n 6 "$scratch/failover.log"; }
    lab_down
}

seconds=${1:-4}
row "case" requests failed "outage" "two have it" "none has" "holders at the end"
keep_up
planned "planned lb1 to lb2" lb1 lb2
planned "planned lb2 to lb1" lb2 lb1
lab_down
keep_up
start_probe "$rps" lb1
watch_addresses
on lb1 'systemctl stop keepalived'
sleep 4
stop_probe
report "systemctl stop keepalived on lb1"
lab_down
for fault in proxy-killed host-frozen link-cut keepalived-killed keepalived-frozen; do
    emergency "$fault" bare
    emergency "$fault" lbctl
done
printf '%d cores, load %s; addresses: kernel events of both nodes, microseconds; + = not over when the measurement ended\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
