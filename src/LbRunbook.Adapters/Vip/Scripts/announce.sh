# Announces a virtual IP now, and leaves a repeater for +1 s and +5 s on this host.
# $1 address  $2 32|128  $3 interface  $4 address in hex  $5 "sudo" or ""  $6 tools to try, in order  $7 perl  $8 python
# Exit: 0 sent (prints by what) · 3 the address is not here · 4 no tool · 5 no tool worked (prints why)
vip=$1 bits=$2 dev=$3 hex=$4 as=${5:+sudo -n} tools=$6 perl=$7 python=$8
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

held() {
    now=$(ip -o addr show dev "$dev" to "$vip/$bits" 2>/dev/null) || return 1
    case $now in *dadfailed*) return 1 ;; esac
    [ -n "$now" ]
}

flavour() {
    command -v arping >/dev/null || return 0
    case $( (arping -V; arping --help) 2>&1 </dev/null) in
        *iputils*) echo iputils ;;
        *"Thomas Habets"*) echo habets ;;
        *BusyBox*) echo busybox ;;
    esac
}

# The first frame leaves at once; the wait for answers that follows it is cut short. Its exit status says nothing
# (Habets' is 1 even when it sent), so what it reports as sent counts. Where arping has the capability itself it needs no sudo.
# Without use_pty sudo ignores our signal: then it waits for its second.
arpings() {
    for form in "$@"; do
        timeout -s INT 0.2 $run arping $form </dev/null 2>&1 &
        timeout -s INT 0.2 $run arping $form </dev/null 2>&1 &
    done
    wait
}
by_arping() {
    run=
    why=$(arpings "$@")
    is_sent && return
    [ -n "$as" ] || return 5
    run=$as
    why=$(arpings "$@")
    is_sent || return 5
}
is_sent() { case $why in *"Sent "[1-9]* | *[1-9]" packets transmitted"*) ;; *) return 1 ;; esac; }

by() {
    case $1 in
        perl | python3)
            command -v "$1" >/dev/null || return 4
            if [ "$1" = perl ]; then set -- perl -e "$perl"; else set -- python3 -c "$python"; fi
            why=$($as "$@" announce "$dev" "$hex" </dev/null 2>&1) || return 5 ;;
        arping)
            [ "$bits" = 32 ] || return 4
            case $(flavour) in
                iputils | busybox) by_arping "-U -c 1 -w 1 -I $dev -s $vip $vip" "-A -c 1 -w 1 -I $dev -s $vip $vip" ;;
                habets) by_arping "-U -c 1 -i $dev -S $vip $vip" "-U -P -c 1 -i $dev -S $vip $vip" ;;
                *) return 4 ;;
            esac ;;
        ndptool)
            [ "$bits" = 128 ] && command -v ndptool >/dev/null || return 4
            why=$($as ndptool -t na -U -i "$dev" -T "$vip" send </dev/null 2>&1) || return 5 ;;
        *) return 4 ;;
    esac
}

# Whoever took the address meanwhile has announced it: never speak for an address that is not here any more.
announce() {
    for tool in $tools; do
        held || return 3
        by "$tool" && { echo "$tool"; return 0; }
        # The first one that is there is the one to mend.
        [ $? -eq 5 ] && failed=${failed:-"$tool: $why"}
    done
    [ -z "$failed" ] && return 4
    echo "$failed" >&2
    return 5
}

failed=
sent=$(announce) || exit $?
echo "$sent"
tools=$sent
# Away from the caller's signals and descriptors: it must outlive the caller and not hold its channel open.
(
    trap '' HUP INT TERM
    sleep 1; announce
    sleep 4; announce
) </dev/null >/dev/null 2>&1 &
exit 0
