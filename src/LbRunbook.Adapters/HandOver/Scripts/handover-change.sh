# After handover.sh: changes. Verbs: guard|keep|end

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
    end)
        [ ! -f "$folder/end.sh" ] || sh "$folder/end.sh" || exit 1
        ! armed || systemctl stop "$unit.timer" ;;
esac
exit 0
