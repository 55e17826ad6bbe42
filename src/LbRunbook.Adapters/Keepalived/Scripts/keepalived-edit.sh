# Replaces one file of keepalived's configuration by what comes on stdin, and reloads; or leaves everything as it was. As root.
# $1 file  $2 its SHA-256 as it was read  $3 main configuration  $4 unit  $5… "instance priority" that must be in force afterwards
# Exit: 0 loaded · 3 changed meanwhile · 4 the new one fails the test (prints why) · 5 the old one fails it already
#       6 could not be written · 7 not loaded, put back
file=$(readlink -f "$1") before=$2 main=$3 unit=$4
shift 4
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Once begun it goes on to its end, whoever asked for it is gone or not: half of it would be a changed file that nobody loaded.
trap '' HUP INT TERM PIPE
umask 077
new=$(dirname "$file")/.lbctl-new
# Away from the folder of the configuration: an include of * would read it.
kept=/var/lib/lbctl/keepalived
cat >"$new" || exit 6
finish() { rm -f "$new"; exit "$1"; }
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
if ! why=$(keepalived -t -f "$main" 2>&1); then echo "$why" | tail -n 3 >&2; finish 5; fi
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" || finish 6
old=$(dirname "$file")/.lbctl-old
cp -p "$file" "$old" || finish 6
back() { mv -f "$old" "$file"; }
if [ "$file" = "$(readlink -f "$main")" ]; then
    if ! why=$(keepalived -t -f "$new" 2>&1); then echo "$why" | tail -n 3 >&2; rm -f "$old"; finish 4; fi
    mv -f "$new" "$file"
else
    # An included file can only be tested where it is included; keepalived reads it when it is told to, not before.
    mv -f "$new" "$file"
    if ! why=$(keepalived -t -f "$main" 2>&1); then back; echo "$why" | tail -n 3 >&2; exit 4; fi
fi

pid=$(systemctl show -p MainPID "$unit" 2>/dev/null | sed 's/MainPID=//')
if [ "${pid:-0}" = 0 ]; then pid=$(pgrep -o -x keepalived); fi
# Not running: it will read the file when it is started.
if [ -z "$pid" ]; then rm -f "$old"; exit 0; fi
reload() { systemctl reload "$unit" 2>/dev/null || kill -HUP "$pid"; }
# What it has loaded, in its own words: the text dump is in every build, JSON is not.
dump=/proc/$pid/root/tmp/keepalived.data
loaded() {
    rm -f "$dump"
    kill -USR1 "$pid" || return 1
    i=0
    until grep -q 'VRRP Sockpool' "$dump" 2>/dev/null; do
        i=$((i + 1))
        [ "$i" -lt 25 ] || return 1
        sleep 0.02
    done
    for wanted in "$@"; do
        [ "$(awk -v name="${wanted% *}" '/^ *VRRP Instance = /{on = ($NF == name)} on && /^ *Priority = /{print $NF; exit}' "$dump")" = "${wanted##* }" ] || return 1
    done
}
reload
tries=0
until loaded "$@"; do
    tries=$((tries + 1))
    if [ "$tries" -ge 8 ]; then
        back
        reload
        rm -f "$dump"
        echo "keepalived did not load it" >&2
        exit 7
    fi
    sleep 0.1
done
rm -f "$old" "$dump" "${dump%.data}_parent.data"
exit 0
