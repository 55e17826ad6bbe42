# Prints the MACs of everybody who answers for an address on this segment, one a line; nothing = silence.
# $1 address  $2 32|128  $3 interface  $4 address in hex  $5 milliseconds  $6 "sudo" or ""  $7 tools, in order  $8 perl  $9 python
# Exit: 0 asked · 4 no tool · 5 no tool worked (prints why)
vip=$1 bits=$2 dev=$3 hex=$4 millis=$5 as=${6:+sudo -n} tools=$7 perl=$8 python=$9
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
failed=

# Either flavour of arping, judged by what it prints: "Sent 1 probes" or "1 packets transmitted" proves that it asked.
# Where it has the capability itself it needs no sudo. Without use_pty sudo ignores our signal, so that it must also end by itself;
# with a count of 1 it would do so at the first answer, and a second holder would go unnoticed.
arpings() {
    out=$(timeout -s INT "0.$millis" arping "$@" "$vip" </dev/null 2>&1)
    if ! asked && [ -n "$as" ]; then out=$(timeout -s INT "0.$millis" $as arping "$@" "$vip" </dev/null 2>&1); fi
    asked || { failed=${failed:-"arping: $out"}; return 5; }
    printf '%s\n' "$out" | sed -n \
        -e 's/.*reply from.*\[\([0-9A-Fa-f:]*\)\].*/\1/p' \
        -e 's/^[0-9]* bytes from \([0-9a-f:]*\) (.*/\1/p'
}

asked() { case $out in *"Sent "[1-9]* | *[1-9]" packets transmitted"*) ;; *) return 1 ;; esac; }

for tool in $tools; do
    case $tool in
        perl) command -v perl >/dev/null || continue
            out=$($as perl -e "$perl" ask "$dev" "$hex" "$millis" </dev/null 2>&1) && { printf '%s\n' "$out"; exit 0; }
            failed=${failed:-"perl: $out"} ;;
        python3) command -v python3 >/dev/null || continue
            out=$($as python3 -c "$python" ask "$dev" "$hex" "$millis" </dev/null 2>&1) && { printf '%s\n' "$out"; exit 0; }
            failed=${failed:-"python3: $out"} ;;
        arping) [ "$bits" = 32 ] && command -v arping >/dev/null || continue
            case $( (arping -V; arping --help) 2>&1 </dev/null) in
                *iputils*) arpings -b -c 2 -w 1 -I "$dev" && exit 0 ;;
                *"Thomas Habets"*) arpings -0 -c 1 -w 0.15 -i "$dev" && exit 0 ;;
            esac ;;
        ndisc6) [ "$bits" = 128 ] && command -v ndisc6 >/dev/null || continue
            # Setuid on Debian; where it is not, it ends with 1 at once.
            set -- -q -m -r 1 -w "$millis" "$vip" "$dev"
            out=$(ndisc6 "$@" </dev/null 2>&1)
            code=$?
            if [ -n "$as" ] && [ $code -ne 0 ] && [ $code -ne 2 ]; then out=$($as ndisc6 "$@" </dev/null 2>&1); code=$?; fi
            case $code in
                0) printf '%s\n' "$out"; exit 0 ;;
                2) exit 0 ;;
                *) failed=${failed:-"ndisc6: $out"} ;;
            esac ;;
    esac
done
[ -z "$failed" ] && exit 4
printf '%s\n' "$failed" >&2
exit 5
