#!/usr/bin/env bash
# Time and memory of assess, isolate-backend, restore-backend and drain with few and with many backends in one pool on two nodes, for HAProxy and
# for nginx, in labs of their own. A report, not a test:
#   tests/bench/many.sh [backends …]
# The backends are ports of the lab's three hosts. LBCTL_BIN=FILE measures that binary. Each figure is the median of three runs; drain has two steps.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
[[ -x /usr/bin/time ]] || { echo "time is missing: apt-get install -y time" >&2; exit 3; }

counts=("$@")
[[ $# -gt 0 ]] || counts=(3 50 100 200)
row() { printf '%-8s %9s %16s %16s %16s %16s\n' "$@"; }

# $1 proxy
lab_of() {
    lab=bench-$$
    "$binary" lab up --name "$lab" --proxy "$1" >"$scratch/up.log" 2>&1 || { cat "$scratch/up.log" >&2; exit 1; }
    config=/run/lbctl/labs/$lab/config.yaml
    addresses=$(sed -n 's/.*name: public, address: \([0-9.]*\)\.100.*/\1/p' "$config")
    for host in web1 web2 web3; do
        ip netns exec "lb${addresses##*.}-$host" nft "add table ip bench; add chain ip bench in { type nat hook prerouting priority dstnat; }; add rule ip bench in tcp dport 9001-9999 redirect to :8080"
    done
}

# $1 how many: into both proxies and into the configuration of lbctl
servers() {
    local i lines=() known=() node address
    for ((i = 1; i <= $1; i++)); do
        address=$addresses.$((21 + i % 3))
        if [[ $proxy == haproxy ]]; then
            lines+=("    server many$i $address:$((9000 + i)) weight 100 check inter 5s fall 3 rise 2")
        else
            lines+=("        server $address:$((9000 + i)) max_fails=3 fail_timeout=2s;")
        fi
        known+=("      - {name: many$i, host: $address, port: $((9000 + i))}")
    done
    printf '%s\n' "${lines[@]}" >"$scratch/lines"
    awk -v known="$(printf '%s\n' "${known[@]}")" '/^    backends:/ { print; print known; skip = 1; next } skip && /^      - / { next } { skip = 0; print }' "$config" >"$scratch/config.yaml"
    for node in lb1 lb2; do
        # The first of the three lines becomes all of them.
        "$binary" lab exec "$node" --name "$lab" -- sh -c "[ -f /root/plain ] || cp $file /root/plain; printf %s \"\$1\" >/root/lines
            sed -i 's/zone web 256k/zone web 1m/' /root/plain # too small for hundreds
            awk 'index(\$0, \"server \") && /:8080/ { if (!done) { while ((getline l <\"/root/lines\") > 0) print l; done = 1 } next } { print }' /root/plain >$file && systemctl reload $proxy" x "$(cat "$scratch/lines")
"
    done
    sleep 6 # every server has been checked
}

# $1… command: "seconds s, megabytes MB", the median of three
measured() {
    local i code
    for i in 1 2 3; do
        code=0
        /usr/bin/time -f '%e %M' -o "$scratch/time" "$binary" "--config=$scratch/config.yaml" "$@" >"$scratch/out" 2>&1 || code=$?
        [[ $code -le 2 && ($1 == assess || $code -eq 0) ]] || { tail -n 12 "$scratch/out" >&2; echo "$* ended with $code" >&2; exit 1; }
        tail -n 1 "$scratch/time"
        [[ $1 != isolate-backend && $1 != drain ]] || "$binary" "--config=$scratch/config.yaml" undo --yes >/dev/null 2>&1
    done | sort -n | sed -n 2p | awk '{ printf "%.2f s %d MB", $1, $2 / 1024 }'
}

for proxy in haproxy nginx; do
    lab_of "$proxy"
    if [[ $proxy == haproxy ]]; then file=/etc/haproxy/haproxy.cfg; else file=/etc/nginx/nginx.conf; fi
    export XDG_STATE_HOME=$scratch/state
    row "$proxy" backends assess isolate-backend "drain" "assess, isolated"
    for count in "${counts[@]}"; do
        servers "$count"
        assess=$(measured assess)
        isolate=$(measured isolate-backend many1 --yes)
        drain=$(measured drain many2 --for 2s --steps 2 --yes)
        "$binary" "--config=$scratch/config.yaml" isolate-backend many1 --yes >/dev/null 2>&1
        again=$(measured assess)
        "$binary" "--config=$scratch/config.yaml" undo --yes >/dev/null 2>&1
        row "" "$count" "$assess" "$isolate" "$drain" "$again"
    done
    lab_down
done
printf '%d cores, load %s\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)"
