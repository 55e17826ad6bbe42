# One node's part of a second-chance hand-over.
# $1 look|guard|keep|missing-guard|missing-keep|left|end  $2 id  $3 seconds until the node ends it by itself  $4 nft|iptables or ""
# $5 the script that ends it  $6 one line about it  $7 "socket file" of the close map or ""
# then four words for each virtual IP: address, 32|128, interface, address of the other node.
# Everything is named for the run, in a folder of its own, with what to undo written down and a timer armed before anything is done.
verb=$1 id=$2 seconds=$3 tool=$4 end=$5 about=$6 map=$7
shift 7
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C; export LC_ALL
home=/run/lbctl-handover folder=$home/$id unit=lbctl-handover-$id name=lbctl_$id
have() { command -v "$1" >/dev/null 2>&1; }
family() { if [ "$1" = 32 ]; then echo ip; else echo ip6; fi; }
tables() { if [ "$1" = 32 ]; then echo iptables; else echo ip6tables; fi; }

# Who sent its SYN here is ours; all others of the address have their connection on the other node. That is asked of a set and not of
# the sockets: a handshake or a listener on the very address is no established socket, and would be mistaken.
# "dup" exists in the families ip and ip6, not in inet. Before connection tracking: what is passed on must leave no trace in it.
nft_rules() {
    for bits in 32 128; do
        case " $* " in *" $bits "*) ;; *) continue ;; esac
        f=$(family $bits)
        if [ $bits = 32 ]; then type=ipv4_addr icmp="icmp type destination-unreachable"; else type=ipv6_addr icmp="icmpv6 type { destination-unreachable, packet-too-big }"; fi
        echo "table $f $name { set seen { type $type . inet_service . $type . inet_service; size 1048576; flags dynamic,timeout; timeout 1h; }"
        echo "chain pre { type filter hook prerouting priority -310; policy accept;"
        each "$bits" "$icmp" "$@"
        printf "}\n}\n"
    done
}
each() {
    only=$1 error=$2
    shift 2
    while [ $# -ge 4 ]; do
        if [ "$2" = "$only" ]; then
            key="$f saddr . tcp sport . $f daddr . tcp dport"
            echo "$f daddr $1 tcp flags & (syn | ack) == syn update @seen { $key }"
            echo "$f daddr $1 tcp flags & (syn | ack) == syn accept"
            echo "$f daddr $1 $key @seen accept"
            echo "$f daddr $1 $error dup to $4"
            echo "$f daddr $1 meta l4proto tcp dup to $4 drop"
        fi
        shift 4
    done
}

# $1 the chain's name  $2 32|128, then the addresses. No listener on any address counts as a socket ("-m socket" says so by itself).
chain_rules() {
    chain=$1 only=$2
    shift 2
    printf '*mangle\n:%s - [0:0]\n-A %s -p tcp --syn -j RETURN\n-A %s -p tcp -m socket -j RETURN\n' "$chain" "$chain" "$chain"
    jumps=
    while [ $# -ge 4 ]; do
        if [ "$2" = "$only" ]; then
            printf -- '-A %s -d %s -p tcp -j TEE --gateway %s\n' "$chain" "$1" "$4"
            jumps="$jumps-I PREROUTING -d $1 -p tcp -j $chain
"
        fi
        shift 4
    done
    printf -- '-A %s -p tcp -j DROP\n%sCOMMIT\n' "$chain" "$jumps"
}
bits_of() { for b in 32 128; do case " $* " in *" $b "*) echo $b ;; esac; done; }

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

armed() { systemctl is-active -q "$unit.timer"; }
rules_there() {
    for b in $(bits_of "$@"); do
        case $tool in
            nft) nft list table "$(family "$b")" "$name" >/dev/null 2>&1 || return 1 ;;
            *) "$(tables "$b")" -w 5 -t mangle -S PREROUTING 2>/dev/null | grep -q -- "-j $name\$" || return 1 ;;
        esac
    done
}
missing_keep() {
    while [ $# -ge 4 ]; do
        [ -n "$(ip -o addr show dev lo to "$1/$2" 2>/dev/null)" ] || echo "$1 on lo"
        [ "$2" = 128 ] || silent "$3" || echo "silence in ARP on $3"
        shift 4
    done
}
# The stricter of "all" and the interface's own value counts.
most() { a=$(cat "/proc/sys/net/ipv4/conf/all/$2"); b=$(cat "/proc/sys/net/ipv4/conf/$1/$2"); if [ "$a" -gt "$b" ]; then echo "$a"; else echo "$b"; fi; }
silent() { [ "$(most "$1" arp_ignore)" -ge 1 ] && [ "$(most "$1" arp_announce)" -ge 2 ]; }

# First what to undo, then the timer, then the deed: whenever we are cut off, the node can clean up by itself.
prepare() {
    umask 077
    mkdir -p "$folder" || exit 1
    printf '%s\n' "$end" >"$folder/end.sh" && printf '%s\n' "$about" >"$folder/about" || exit 1
    cat >"$folder/undo.new" && mv "$folder/undo.new" "$folder/undo" || exit 1
    armed || systemd-run -q --collect --on-active="${seconds}s" --timer-property=AccuracySec=1s --unit="$unit" \
        --description="Ends lbctl's hand-over $id" sh "$folder/end.sh" || { sh "$folder/end.sh"; exit 1; }
}

# "-m socket" takes a connection that ended here within the last minute for one that is alive: a client that has used its port again
# since, for a connection to the other node, would be heard by the dead one. This node does not have the address: none can come back.
forget() {
    while [ $# -ge 4 ]; do
        # Without brackets ss takes the end of an IPv6 address for a port. A dual-stack listener's IPv4 connections have IPv6 sockets.
        if [ "$2" = 128 ]; then own="[$1]"; else own="[::ffff:$1]"; ss -K -Htn state time-wait src "$1" >/dev/null 2>&1; fi
        ss -K -Htn state time-wait src "$own" >/dev/null 2>&1
        shift 4
    done
}

undo_of_guard() {
    for b in $(bits_of "$@"); do
        if [ "$tool" = nft ]; then echo "table $(family "$b") $name"; else echo "chain $(tables "$b") $name"; fi
    done
}
undo_of_keep() {
    [ -z "$map" ] || echo "map $map drain"
    devices=
    while [ $# -ge 4 ]; do
        echo "address $1/$2"
        if [ "$2" = 32 ]; then
            case " $devices " in *" $3 "*) ;; *)
                devices="$devices $3"
                was=$(cat "/proc/sys/net/ipv4/conf/$3/arp_ignore") && [ "$(most "$3" arp_ignore)" -lt 1 ] && echo "sysctl $3 arp_ignore $was 1"
                was=$(cat "/proc/sys/net/ipv4/conf/$3/arp_announce") && [ "$(most "$3" arp_announce)" -lt 2 ] && echo "sysctl $3 arp_announce $was 2" ;;
            esac
        fi
        shift 4
    done
    return 0
}

case $verb in
    look)
        echo "uid $(id -u)"
        have systemd-run && systemctl list-units -q --no-legend --type=timer >/dev/null 2>&1 && echo "timer yes"
        for t in nft iptables; do
            said=$("try_$t" "$@") && echo "tool $t" || printf 'not %s: %s\n' "$t" "$(printf '%s\n' "$said" | head -n 1)"
        done
        neighbour "$@" ;;
    guard)
        if armed && rules_there "$@"; then exit 0; fi
        undo_of_guard "$@" | prepare
        [ -f "$folder/undo" ] || exit 1
        if [ "$tool" = nft ]; then rules_there "$@" || nft_rules "$@" | nft -f -; exit; fi
        forget "$@"
        for b in $(bits_of "$@"); do
            "$(tables "$b")" -w 5 -t mangle -S PREROUTING 2>/dev/null | grep -q -- "-j $name\$" ||
                chain_rules "$name" "$b" "$@" | "$(tables "$b")-restore" -w 5 --noflush || exit 1
        done ;;
    keep)
        # What was written down the first time holds: by now the values are ours.
        if [ ! -f "$folder/undo" ]; then undo_of_keep "$@" | prepare; else prepare <"$folder/undo"; fi
        [ -f "$folder/undo" ] || exit 1
        while read -r what a b c d; do
            [ "$what" != sysctl ] || printf '%s\n' "$d" >"/proc/sys/net/ipv4/conf/$a/$b" || exit 1
        done <"$folder/undo"
        while [ $# -ge 4 ]; do
            if [ "$2" = 32 ]; then ip addr replace "$1/32" dev lo; else ip addr replace "$1/128" dev lo nodad preferred_lft 0; fi || exit 1
            shift 4
        done ;;
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
    end)
        [ ! -f "$folder/end.sh" ] || sh "$folder/end.sh" || exit 1
        ! armed || systemctl stop "$unit.timer" ;;
esac
exit 0
