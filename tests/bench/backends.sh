#!/usr/bin/env bash
# What clients see while a backend is drained, brought back and isolated, and how long a frozen one still gets requests, for HAProxy and for
# nginx, in labs of their own. A report, not a test:
#   tests/bench/backends.sh [new connections a second]
# LBCTL_BIN=FILE measures that binary, LOAD_BIN=FILE is the built tests/LbRunbook.Load. "last request" is the last packet with content that
# either node sent to the frozen backend, counted by the backend's own kernel, from the start of the command on.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

load=${LOAD_BIN:-$(dirname "${BASH_SOURCE[0]}")/../LbRunbook.Load/bin/Debug/net10.0/lbctl-load}
[[ -x $load ]] || { echo "there is no $load: dotnet build tests/LbRunbook.Load" >&2; exit 3; }
rps=${1:-500}
loads=()
row() { printf '%-44s %9s %7s %7s %13s %9s\n' "$@"; }

# $1 proxy
lab_of() {
    lab=bench-$$
    "$binary" lab up --name "$lab" --proxy "$1" >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log" >&2; exit 1; }
    vip=$(sed -n 's/.*name: public, address: \([0-9.]*\).*/\1/p' "/run/lbctl/labs/$lab/config.yaml")
    network=lb$(cut -d. -f3 <<<"$vip")
    addresses=${vip%.*}
}

# $1 name  $2 address  $3 busy keep-alive connections  $4 new connections a second
start_load() {
    ip netns exec "$network-client" "$load" "$2" "$3" 0 "$4" >"$scratch/$1.json" 2>"$scratch/$1.log" &
    loads+=($!)
    until grep -q ready "$scratch/$1.log"; do sleep 0.1; done
}

stop_loads() {
    local pid
    for pid in "${loads[@]}"; do kill -TERM "$pid"; done
    for pid in "${loads[@]}"; do wait "$pid" || true; done
    loads=()
}

# $1 label, then the command, under full load
under_load() {
    local label=$1 started code=0
    shift
    start_load load "$vip" 20 "$rps"
    sleep 1 # steady state
    started=$(micros)
    "$@" >"$scratch/command.log" 2>&1 || code=$?
    started=$((($(micros) - started) / 1000))
    sleep 1
    stop_loads
    row "$label$([[ $code -eq 0 ]] || printf ' (exit %s)' "$code")" "$(jq .requests "$scratch/load.json")" "$(jq .failed "$scratch/load.json")" "$(jq .resets "$scratch/load.json")" - "$started ms"
    [[ $code -eq 0 ]] || tail -n 5 "$scratch/command.log" | sed 's/^/    /'
}

arrived() { ip netns exec "$network-web2" nft list counter inet bench arrived | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# $1 label, then the command that takes the frozen web2 out; both nodes have traffic
frozen() {
    local label=$1 started last before now end code=0 took command
    shift
    start_load vip "$vip" 0 100
    start_load lb2 "$addresses.12" 0 100
    "$binary" lab break backend-freeze web2 --name "$lab" >/dev/null
    last=$(micros) started=$last before=$(arrived)
    { "$@" >"$scratch/command.log" 2>&1 || code=$?; printf '%s %s\n' "$code" "$((($(micros) - started) / 1000))" >"$scratch/took"; } &
    command=$!
    # Nothing for two seconds: nobody sends it anything any more.
    for ((end = started + 2000000; $(micros) < end && $(micros) < started + 20000000;)); do
        now=$(arrived)
        if [[ $now != "$before" ]]; then before=$now last=$(micros) end=$((last + 2000000)); fi
    done
    wait "$command"
    read -r code took <"$scratch/took"
    stop_loads
    "$binary" lab heal all --name "$lab" >/dev/null
    row "$label$([[ $code -eq 0 ]] || printf ' (exit %s)' "$code")" - - - "$(((last - started) / 1000)) ms" "$took ms"
    [[ $code -eq 0 ]] || tail -n 5 "$scratch/command.log" | sed 's/^/    /'
}

# The way of the playbook: one node after the other, edit and reload. $1 file  $2 pattern of the line  $3… reload
by_hand() {
    local node file=$1 line=$2
    shift 2
    for node in lb1 lb2; do
        "$binary" lab exec "$node" --name "$lab" -- sh -c "cp $file /root/before && sed -i '/$line/d' $file && $*"
    done
}

by_hand_back() {
    local node file=$1
    shift
    for node in lb1 lb2; do
        "$binary" lab exec "$node" --name "$lab" -- sh -c "cp /root/before $file && $*" >/dev/null
    done
}

for proxy in haproxy nginx; do
    lab_of "$proxy"
    if [[ $proxy == haproxy ]]; then
        by_hand=(/etc/haproxy/haproxy.cfg "server web2 " systemctl reload haproxy)
    else
        by_hand=(/etc/nginx/nginx.conf "server $addresses.22:" systemctl reload nginx)
    fi
    ip netns exec "$network-web2" nft "add table inet bench; add counter inet bench arrived; add chain inet bench in { type filter hook input priority 0; }; add rule inet bench in ip saddr { $addresses.11, $addresses.12 } tcp dport 8080 ip length > 80 counter name arrived"
    row "$proxy" requests failed resets "last request" command
    under_load "drain web1 --for 20s --steps 5" "$binary" "--lab=$lab" drain web1 --for 20s --steps 5 --yes
    under_load "restore-backend web1 --ramp 10s" "$binary" "--lab=$lab" restore-backend web1 --ramp 10s --yes
    under_load "isolate-backend web1" "$binary" "--lab=$lab" isolate-backend web1 --yes
    "$binary" "--lab=$lab" restore-backend web1 --yes >/dev/null 2>&1
    frozen "web2 frozen, nobody acts" sleep 5
    frozen "web2 frozen, isolate-backend" "$binary" "--lab=$lab" isolate-backend web2 --yes
    "$binary" "--lab=$lab" restore-backend web2 --yes >/dev/null 2>&1
    frozen "web2 frozen, sed and reload by hand" by_hand "${by_hand[@]}"
    by_hand_back "${by_hand[0]}" "${by_hand[@]:2}"
    lab_down
done
printf '%d cores, load %s, %s new connections a second\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$rps"
