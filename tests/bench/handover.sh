#!/usr/bin/env bash
# What established connections see of a planned move: 20 busy keep-alive clients, 5 long downloads and 200 new connections a second,
# in labs of their own. A report, not a test:
#   tests/bench/handover.sh [runs of the hand-over]
# LBCTL_BIN=FILE measures that binary, LOAD_BIN=FILE is the built tests/LbRunbook.Load. The clients try nothing twice: a connection
# that is closed under their hands counts. "moved in" is from the start of the command to the first answer of the new node.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load=${LOAD_BIN:-$(dirname "${BASH_SOURCE[0]}")/../LbRunbook.Load/bin/Debug/net10.0/lbctl-load}
[[ -x $load ]] || { echo "there is no $load: dotnet build tests/LbRunbook.Load" >&2; exit 3; }
row() { printf '%-38s %9s %7s %7s %15s %10s %9s\n' "$@"; }

# $1 label  $2 the new node, then the command that moves
measure() {
    local label=$1 to=$2 pid started took code=0 deadline=$((SECONDS + 30))
    shift 2
    ip netns exec "$client" "$load" "$vip" 20 5 200 >"$scratch/load.json" 2>"$scratch/load.log" &
    pid=$! probe=$!
    until grep -q ready "$scratch/load.log"; do
        if [[ $SECONDS -ge $deadline ]]; then cat "$scratch/load.log" >&2; exit 1; fi
        sleep 0.1
    done
    sleep 1 # steady state: this is a measurement, and the old node must have something to lose
    started=$(date +%s%3N)
    "$@" >"$scratch/move.log" 2>&1 || code=$?
    took=$(($(date +%s%3N) - started))
    sleep 2 # past the first repeated announcement
    kill -TERM "$pid"
    wait "$pid" || true
    probe=
    jq -r --arg case "$label" --arg to "$to" --argjson started "$started" --argjson took "$took" --arg code "$code" '
        .startedAtUnixMs as $t0
        | [$case + (if $code == "0" then "" else " (exit \($code))" end), .requests, .failed, .resets,
           "\(.downloadsComplete) of \(.downloadsComplete + .downloadsBroken)",
           (if .servedBy[$to] then "\((.servedBy[$to].firstAtMs + $t0 - $started) | round) ms" else "never" end), "\($took / 100 | round / 10) s"] | @tsv
    ' "$scratch/load.json" >"$scratch/row"
    IFS=$'\t' read -r -a cells <"$scratch/row"
    row "${cells[@]}"
    [[ $code -eq 0 ]] || sed 's/^/    /' "$scratch/move.log" | tail -n 12
}

# $1… more options of lab up
lab_of() {
    lab=bench-$$
    "$binary" lab up --name "$lab" "$@" >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log" >&2; exit 1; }
    vip=$(sed -n 's/.*name: public, address: \([0-9.]*\).*/\1/p' "/run/lbctl/labs/$lab/config.yaml")
    client=$(ip netns list | sed -n "s/^\(lb$(cut -d. -f3 <<<"$vip")-client\).*/\1/p")
}

row "case" requests failed resets "downloads whole" "moved in" command
lab_of
from=lb1 to=lb2
for ((run = 1; run <= ${1:-5}; run++)); do
    measure "hand-over, run $run" "$to" "$binary" "--lab=$lab" failover "$from" "$to" --yes
    swap=$from from=$to to=$swap
done
measure "make-before-break (--hand-over off)" "$to" "$binary" "--lab=$lab" failover "$from" "$to" --hand-over off --yes
lab_down
lab_of --keepalived
measure "keepalived stopped on the old node" lb2 "$binary" lab exec lb1 --name "$lab" -- systemctl stop keepalived
lab_down
printf '%d cores, load %s\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
