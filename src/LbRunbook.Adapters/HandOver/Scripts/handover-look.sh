# After handover.sh: looks only. A look carries no command that changes anything, so that no shell can run one.
# Verbs: look|missing-guard|missing-keep|left
try_nft() { have nft || { echo "nft is not installed"; return 1; }; nft_rules "$@" | nft -c -f - 2>&1; }
try_iptables() {
    for b in $(bits_of "$@"); do
        have "$(tables "$b")" || { echo "$(tables "$b") is not installed"; return 1; }
        chain_rules "lbctl_try" "$b" "$@" | "$(tables "$b")-restore" -w 5 --noflush --test 2>&1 || return 1
    done
}

# The packets go to the other node as they are, in a frame to its MAC: there must be no router between.
neighbour() {
    while [ $# -ge 4 ]; do
        route=$(ip -o route get "$4" 2>/dev/null | head -n 1)
        case $route in
            *" via "*) echo "route $4 goes through a router ($route)" ;;
            *" dev $3 "*)
                if have bash; then bash -c 'echo >"/dev/udp/$1/9"' probe "$4" 2>/dev/null; elif have ping; then ping -c 1 -W 1 "$4" >/dev/null 2>&1; fi
                mac=
                for _ in 1 2 3 4 5 6 7 8; do
                    mac=$(ip neigh show to "$4" dev "$3" | sed -n 's/.* lladdr \([0-9a-f:]*\) .*/\1/p')
                    [ -z "$mac" ] || break
                    sleep 0.05
                done
                echo "mac $4 ${mac:-none}" ;;
            *) echo "route $4 is not on $3 (${route:-no route})" ;;
        esac
        shift 4
    done
}

missing_keep() {
    while [ $# -ge 4 ]; do
        [ -n "$(ip -o addr show dev lo to "$1/$2" 2>/dev/null)" ] || echo "$1 on lo"
        [ "$2" = 128 ] || silent "$3" || echo "silence in ARP on $3"
        shift 4
    done
}

case $verb in
    look)
        echo "uid $(id -u)"
        have systemd-run && systemctl list-units -q --no-legend --type=timer >/dev/null 2>&1 && echo "timer yes"
        for t in nft iptables; do
            said=$("try_$t" "$@") && echo "tool $t" || printf 'not %s: %s\n' "$t" "$(printf '%s\n' "$said" | head -n 1)"
        done
        neighbour "$@" ;;
    missing-guard)
        armed || echo timer
        rules_there "$@" || echo rules ;;
    missing-keep)
        armed || echo timer
        missing_keep "$@" ;;
    left)
        [ ! -d "$folder" ] || echo "$folder"
        ! armed || echo "$unit.timer"
        for f in ip ip6; do ! nft list table $f "$name" >/dev/null 2>&1 || echo "nft table $f $name"; done
        for t in iptables ip6tables; do ! "$t" -w 5 -t mangle -S "$name" >/dev/null 2>&1 || echo "$t chain $name"; done ;;
esac
exit 0
