# Replaces one file of keepalived's configuration by what comes on stdin, and reloads; or leaves everything as it was. As root.
# $1 file  $2 its SHA-256 as it was read  $3 main configuration  $4 unit  $5 its process or empty  $6 its root or empty  $7 its
# configuration id  $8… "instance priority" that must be in force afterwards
# Exit: 0 loaded · 3 changed meanwhile · 4 the new one fails the test, and not for what the old one fails for (prints why)
#       6 could not be written · 7 not loaded, put back · 8 its process is gone
before=$2 main=$3 unit=$4 pid=$5 root=$6 id=$7
# A link in a container would be followed from our root, not from its own.
if [ -z "$root" ]; then file=$(readlink -f "$1"); elif [ -L "$root$1" ]; then echo "it is a symbolic link in a container" >&2; exit 6; else file=$root$1; fi
shift 7
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Once begun it goes on to its end, whoever asked for it is gone or not: half of it would be a changed file that nobody loaded.
trap '' HUP INT TERM PIPE
umask 077
new=$(dirname "$file")/.lbctl-new
# Away from the folder of the configuration: an include of * would read it.
kept=/var/lib/lbctl/keepalived
is_daemon() { [ -z "$pid" ] || tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q '^[^ ]*keepalived '; }
cat >"$new" || exit 6
finish() { rm -f "$new"; exit "$1"; }
is_daemon || finish 8
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
# $1 what to test. Where a message comes from is left out: the same one comes from the new file.
messages() {
    if [ -z "$root" ]; then keepalived -t -i "$id" -f "$1" 2>&1; else chroot "$root" keepalived -t -i "$id" -f "${1#"$root"}" 2>&1; fi
    echo "exit $?"
}
short() { sed 's/^([^ ]*: Line/(Line/'; }
was=$(messages "$root$main" | short)
# Many configurations that run do not pass the test: only what it says for the first time counts. The proof is the reload.
worse() {
    now=$(messages "$1" | short)
    [ "${now##*exit }" = 0 ] && return 1
    why=$(printf '%s\n' "$now" | grep -vxF -e "$was" | grep -v '^exit [0-9]*$')
    [ -n "$why" ] && return 0
    # Without a word it fails for the first time as well.
    why="it ends with code ${now##*exit }"
    [ "${was##*exit }" = 0 ]
}
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" || finish 6
old=$(dirname "$file")/.lbctl-old
cp -p "$file" "$old" || finish 6
back() { mv -f "$old" "$file"; }
if [ -n "$root" ]; then whole=$root$main; else whole=$(readlink -f "$main"); fi
if [ "$file" = "$whole" ]; then
    if worse "$new"; then printf '%s\n' "$why" | tail -n 3 >&2; rm -f "$old"; finish 4; fi
    mv -f "$new" "$file" || { rm -f "$old"; finish 6; }
else
    # An included file can only be tested where it is included; keepalived reads it when it is told to, not before.
    mv -f "$new" "$file" || { rm -f "$old"; finish 6; }
    if worse "$root$main"; then back; printf '%s\n' "$why" | tail -n 3 >&2; exit 4; fi
fi

# Not running: it will read the file when it is started.
if [ -z "$pid" ]; then rm -f "$old"; exit 0; fi
reload() {
    is_daemon || return 1
    [ "$(systemctl show -p MainPID "$unit" 2>/dev/null)" = "MainPID=$pid" ] && systemctl reload "$unit" 2>/dev/null || kill -HUP "$pid"
}
# What it has loaded, in its own words: the text dump is in every build, JSON is not.
dump=/proc/$pid/root/tmp/keepalived.data
loaded() {
    rm -f "$dump"
    is_daemon && kill -USR1 "$pid" || return 1
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
