# One node's part of a second-chance hand-over: what handover-look.sh and handover-change.sh share; one of them follows.
# $1 verb of theirs  $2 id  $3 seconds until the node ends it by itself  $4 nft|iptables or ""
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

armed() { systemctl is-active -q "$unit.timer"; }
rules_there() {
    for b in $(bits_of "$@"); do
        case $tool in
            nft) nft list table "$(family "$b")" "$name" >/dev/null 2>&1 || return 1 ;;
            *) "$(tables "$b")" -w 5 -t mangle -S PREROUTING 2>/dev/null | grep -q -- "-j $name\$" || return 1 ;;
        esac
    done
}
# The stricter of "all" and the interface's own value counts.
most() { a=$(cat "/proc/sys/net/ipv4/conf/all/$2"); b=$(cat "/proc/sys/net/ipv4/conf/$1/$2"); if [ "$a" -gt "$b" ]; then echo "$a"; else echo "$b"; fi; }
silent() { [ "$(most "$1" arp_ignore)" -ge 1 ] && [ "$(most "$1" arp_announce)" -ge 2 ]; }
