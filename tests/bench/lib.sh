# shellcheck shell=bash
# For the reports beside this file: a lab of their own, steady traffic, clocks. Sourced, not run.
set -euo pipefail
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" LC_ALL=C
unset LBCTL_CONFIG LBCTL_CLUSTER

[[ $EUID -eq 0 ]] || { echo "a lab needs root: sudo $0" >&2; exit 3; }
for program in jq socat ssh arping; do
    command -v "$program" >/dev/null || { echo "$program is missing: ./install.sh --lab-packages" >&2; exit 3; }
done
binary=${LBCTL_BIN:-$(command -v lbctl || true)}
[[ -x $binary ]] || { echo "there is no lbctl: ./install.sh, or LBCTL_BIN=FILE" >&2; exit 3; }

lab=
probe=
scratch=$(mktemp -d)

clean_up() {
    local code=$?
    trap '' INT TERM
    trap - EXIT
    stop_probe
    lab_down
    rm -rf "$scratch"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

lab_up() {
    lab=bench-$$
    "$binary" lab up --name "$lab" >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log" >&2; exit 1; }
}

lab_down() {
    [[ -z $lab ]] || "$binary" lab down --name "$lab" >/dev/null
    lab=
}

micros() { printf '%s' "${EPOCHREALTIME/./}"; }

# $1 node: the requests that its HAProxy has taken so far.
requests_on() {
    "$binary" lab exec "$1" --name "$lab" -- sh -c 'echo "show info" | socat - /run/haproxy/admin.sock' 2>/dev/null | sed -n 's/^CumReq: //p'
}

# $1 requests a second  $2 the node that must see them before this returns
start_probe() {
    local before now deadline=$((SECONDS + 30))
    before=$(requests_on "$2")
    "$binary" "--lab=$lab" probe --from client --rps "$1" --for 2m --output json >"$scratch/probe.json" 2>"$scratch/probe.log" &
    probe=$!
    while now=$(requests_on "$2"); [[ ${now:-0} -lt $((before + 2 * $1)) ]]; do
        if ! kill -0 "$probe" || [[ $SECONDS -ge $deadline ]]; then
            cat "$scratch/probe.log" >&2
            exit 1
        fi
        sleep 0.1
    done
}

# TERM ends the measurement early, with its report.
stop_probe() {
    [[ -n $probe ]] || return 0
    kill -TERM "$probe" 2>/dev/null || true
    wait "$probe" || true
    probe=
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
