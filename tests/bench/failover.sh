#!/usr/bin/env bash
# What clients see of a failover, at 200 new connections a second, in labs of its own. A report, not a test:
#   tests/bench/failover.sh [runs of the planned one]
# LBCTL_BIN=FILE measures that binary. The outage counts from the start of the failover command to the first answer after
# the last failure; what failed before somebody typed the command is not the command's.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

rps=200
row() { printf '%-28s %9s %9s %12s %12s %10s  %s\n' "$@"; }

# $1 label  $2 from  $3 to  $4 fault or ""
measure() {
    local started took code=0 after deadline
    # Somebody has looked before: the connections to the nodes are open.
    "$binary" "--lab=$lab" assess >/dev/null || true
    start_probe "$rps" "$2"
    [[ -z $4 ]] || "$binary" lab break "$4" "$2" --name "$lab" >/dev/null
    started=$(micros)
    "$binary" "--lab=$lab" failover "$2" "$3" --yes >"$scratch/failover.log" 2>&1 || code=$?
    took=$(($(micros) - started))
    # Two more seconds of traffic on the new node.
    after=$(($(requests_on "$3") + 2 * rps)) deadline=$((SECONDS + 10))
    while [[ $(requests_on "$3") -lt $after && $SECONDS -lt $deadline ]]; do sleep 0.1; done
    stop_probe
    jq -r --argjson started "$started" --argjson took "$took" --arg case "$1" --arg code "$code" '
        def micros: capture("(?<s>[^.]+)\\.?(?<f>[0-9]*)(\\+00:00|Z)$") | (.s + "Z" | fromdateiso8601) * 1000000 + ((.f + "000000")[0:6] | tonumber);
        (if .longestOutage then [0, ((.longestOutage.endedAt | micros) - $started) / 1000] | max | round else 0 end) as $outage
        | [$case, .requests, .failed, "\($outage) ms", "\(if .longestOutage then .longestOutage.durationMs | round else 0 end) ms", "\($took / 100000 | round / 10) s",
           (.answerers | sort_by(.firstAtMs) | map(.name) | join(" > ")) + (if $code == "0" then "" else "  (exit code \($code))" end)]
        | @tsv' "$scratch/probe.json" >"$scratch/row"
    IFS=$'\t' read -r -a cells <"$scratch/row"
    row "${cells[@]}"
    [[ $code -eq 0 ]] || sed 's/^/    /' "$scratch/failover.log" | tail -n 12
}

row "case" requests failed "from command" "whole outage" "command" "answered by"
lab_up
from=lb1 to=lb2
for ((run = 1; run <= ${1:-3}; run++)); do
    measure "planned, run $run" "$from" "$to" ""
    swap=$from from=$to to=$swap
done
lab_down
for fault in proxy-kill host-freeze; do
    lab_up
    measure "emergency, $fault lb1" lb1 lb2 "$fault"
    lab_down
done
printf '%d cores, load %s\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
