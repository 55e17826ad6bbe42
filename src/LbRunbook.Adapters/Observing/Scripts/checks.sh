# Health checks of the backends as this host sees them, all at once, with nothing but bash (and curl for TLS).
# $1 seconds for each, then eight words for each backend: key tcp|http|https host port method path hostheader body.
# One line a backend: ==check== key TAB milliseconds TAB ok|error TAB status line or error TAB 1 if the body was found.
set -m
seconds=$1; shift
now() { local t=${EPOCHREALTIME:-$(date +%s.%N)}; t=${t/[.,]/}; echo "${t:0:16}"; }

exchange() {
    exec 3<>"/dev/tcp/$2/$3" || return 7
    [ "$1" = tcp ] && return 0
    printf '%s %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: lbctl\r\nConnection: close\r\n\r\n' "$4" "$5" "$6" >&3
    IFS= read -r status <&3 || { echo "connection closed without an answer"; return 8; }
    printf '%s\n' "${status%$'\r'}"
    # A health page is small; a download behind a wrong path must not be read to its end.
    [ -z "$7" ] || { head -c 65536 <&3 | grep -aqF -- "$7" && echo "==body=="; }
    return 0
}
secure() {
    curl -q -g -k -sS -i --max-time "$seconds" -X "$4" -H "Host: $6" "https://$2:$3$5" 2>&1 | head -c 65536 | {
        IFS= read -r status; printf '%s\n' "${status%$'\r'}"
        [ -z "$7" ] || { grep -aqF -- "$7" && echo "==body=="; }
    }
    return "${PIPESTATUS[0]}"
}
one() {
    local key=$1 kind=$2 start said code body=0
    shift
    start=$(now)
    if [ "$kind" = https ]; then said=$(secure "$@" 2>&1); else said=$(exchange "$@" 2>&1); fi
    code=$?
    case "$said" in *==body==*) body=1 ;; esac
    said=${said%%$'\n'*}
    printf '==check== %s\t%s\t%s\t%s\t%s\n' "$key" "$(( ($(now) - start) / 1000 ))" "$([ $code = 0 ] && echo ok || echo error)" "${said//$'\t'/ }" "$body"
}

jobs=()
while [ $# -ge 8 ]; do
    one "$@" &
    jobs+=($!)
    shift 8
done
# A connection that nobody answers hangs for minutes: what is not back in time goes with its whole process group.
( read -rt "$seconds" <> <(:); for job in "${jobs[@]}"; do kill -KILL -- "-$job"; done ) >/dev/null 2>&1 &
guard=$!
wait "${jobs[@]}"
kill -KILL -- "-$guard" 2>/dev/null
