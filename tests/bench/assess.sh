#!/usr/bin/env bash
# What `lbctl assess` costs, against the same looks by hand, one after the other, in a lab of its own. A report, not a test:
#   tests/bench/assess.sh [runs]
# LBCTL_BIN=FILE measures that binary. Cold means: no ssh connection is open yet.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

runs=${1:-5}
looks=0

# A runtime directory of its own for each run: no connection of an earlier one can be used, and nobody else's are touched.
cold_assess() {
    # shellcheck disable=SC2016
    unshare --mount bash -c '
        mount -t tmpfs none /run/lbctl
        before=${EPOCHREALTIME/./}
        "$1" --config "$2" assess --output json >"$3"
        code=$?
        echo $((${EPOCHREALTIME/./} - before))
        for socket in /run/lbctl/m-*; do
            [[ ! -S $socket ]] || ssh -o ControlPath="$socket" -O exit x 2>/dev/null
        done
        exit $code' bash "$binary" "$scratch/config.yaml" "$scratch/assess.json"
}

# One process after the other; what they say is not looked at, which a person would have to do as well.
look() {
    looks=$((looks + 1))
    "$@" >/dev/null 2>&1 || true
}

on() {
    local address=$1
    shift
    look ssh "${ssh_options[@]}" "root@$address" "$*"
}

by_hand() {
    local node backend vip
    looks=0
    for node in "${nodes[@]}"; do
        look getent ahosts "$node"
        on "$node" uptime
        on "$node" cat /proc/meminfo
        on "$node" df -P -l
        on "$node" ip -j addr
        on "$node" systemctl status haproxy
        on "$node" sha256sum /etc/haproxy/haproxy.cfg
        for request in "show info" "show stat" "show servers state"; do
            on "$node" "echo '$request' | socat - /run/haproxy/admin.sock"
        done
        on "$node" "echo 'show proc' | socat - /run/haproxy/master.sock"
        for backend in "${backends[@]}"; do
            on "$node" curl -s -m 2 "http://$backend:8080/health"
            on "$node" curl -s -m 2 "http://$backend:8080/health/deep"
        done
    done
    for backend in "${backends[@]}"; do
        look curl -s -m 2 "http://$backend:8080/health"
        look curl -s -m 2 "http://$backend:8080/health/deep"
    done
    look arping -b -c 1 -w 1 -I "$bridge" "${vips[0]}"
    for vip in "${vips[0]}" "[${vips[1]}]"; do
        look curl -s -m 2 "http://$vip/health"
        look dig +short +tries=1 +time=1 -x "${vip//[][]/}" @"${nodes[0]}"
    done
}

timed_by_hand() {
    local before
    before=$(micros)
    by_hand
    echo $(($(micros) - before)) "$looks"
}

seconds() { awk -v us="$1" 'BEGIN { printf "%.2f s", us / 1000000 }'; }

lab_up
folder=/run/lbctl/labs/$lab
cp "$folder/id_ed25519" "$folder/known_hosts" "$scratch/"
sed "s#$folder#$scratch#g" "$folder/config.yaml" >"$scratch/config.yaml"
index=$(sed -n 's/.*host: 10\.213\.\([0-9]*\)\.11,.*/\1/p' "$folder/config.yaml")
nodes=("10.213.$index.11" "10.213.$index.12")
backends=("10.213.$index.21" "10.213.$index.22" "10.213.$index.23")
vips=("10.213.$index.100" "fd00:213:$index::100")
bridge=$(ip -j route get "${nodes[0]}" | jq -r '.[0].dev')
plain=(-o BatchMode=yes -o ConnectTimeout=2 -o ControlPath=none -i "$scratch/id_ed25519" -o UserKnownHostsFile="$scratch/known_hosts")
shared=("${plain[@]}" -o ControlMaster=auto -o ControlPersist=60 -o "ControlPath=$scratch/c-%C")

printf 'lab with 2 nodes and 3 backends, %d cores, load %s, median of %d runs\n\n' "$(nproc)" "$(cut -d' ' -f1 /proc/loadavg)" "$runs"

for ((run = 0; run < runs; run++)); do cold_assess; done >"$scratch/cold"
assess=$(median <"$scratch/cold")
ssh_options=("${plain[@]}")
for ((run = 0; run < (runs + 1) / 2; run++)); do timed_by_hand; done >"$scratch/plain"
hand=$(cut -d' ' -f1 "$scratch/plain" | median)
looks=$(sed -n '1s/.* //p' "$scratch/plain")
# The same with a shared connection a node, which few people set up. The option before ControlPath=none wins, so it goes first.
ssh_options=("${shared[@]:${#plain[@]}}" "${plain[@]}")
shared_hand=$(timed_by_hand | cut -d' ' -f1)
for node in "${nodes[@]}"; do ssh "${ssh_options[@]}" -O exit "root@$node" 2>/dev/null || true; done

printf '%-52s %10s\n' "lbctl assess, cold" "$(seconds "$assess")"
printf '%-52s %10s   %s\n' "$looks looks by hand, one ssh each" "$(seconds "$hand")" "$(awk -v a="$hand" -v b="$assess" 'BEGIN { printf "%.1f times as long", a / b }')"
printf '%-52s %10s   %s\n' "… over one shared connection a node" "$(seconds "$shared_hand")" "$(awk -v a="$shared_hand" -v b="$assess" 'BEGIN { printf "%.1f times as long", a / b }')"

for ((run = 0; run < 4 * runs; run++)); do
    before=$(micros)
    "$binary" --help >/dev/null
    echo $(($(micros) - before))
done >"$scratch/help"
printf '%-52s %7d ms\n' "lbctl --help, the whole process" $(($(median <"$scratch/help") / 1000))
printf '%-52s %7d MB\n' "the binary" $(($(stat -L -c %s "$binary") / 1024 / 1024))
if [[ -x /usr/bin/time ]]; then
    /usr/bin/time -f %M -o "$scratch/rss" "$binary" --config "$scratch/config.yaml" assess >/dev/null || true
    printf '%-52s %7d MB\n' "peak memory of lbctl assess" $(($(tail -n 1 "$scratch/rss") / 1024))
fi
