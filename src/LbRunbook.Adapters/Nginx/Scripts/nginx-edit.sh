# Replaces one file of nginx's configuration by what comes on stdin, and reloads; or leaves everything as it was. As root.
# $1 file  $2 its SHA-256 as it was read  $3 main configuration  $4 binary  $5 pid file
# Exit: 0 loaded · 3 changed meanwhile · 4 the new one fails the test (prints why) · 6 could not be written · 7 not loaded, put back
file=$(readlink -f "$1") before=$2 main=$3 nginx=$4 pidfile=$5
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Once begun it goes on to its end, whoever asked for it is gone or not: half of it would be a changed file that nobody loaded.
trap '' HUP INT TERM PIPE
umask 077
# Names that no include of *.conf takes in.
new=$(dirname "$file")/.lbctl-new old=$(dirname "$file")/.lbctl-old
# Away from the folders of the configuration: a copy there would be a second upstream of the same name.
kept=/var/lib/lbctl/nginx
finish() { rm -f "$new" "$old"; exit "$1"; }
cat >"$new" || finish 6
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" && cp -p "$file" "$old" || finish 6
mv -f "$new" "$file" || finish 6
back() { mv -f "$old" "$file"; }
if ! why=$("$nginx" -t -c "$main" 2>&1); then
    back
    printf '%s\n' "$why" | grep -F '[emerg]' | tail -n 1 >&2
    exit 4
fi
read -r master 2>/dev/null <"$pidfile" || master=
# Not running: it will read the file when it is started.
case $master in "" | *[!0-9]*) finish 0 ;; esac
kill -0 "$master" 2>/dev/null || finish 0
workers() { for child in $(cat "/proc/$master/task/$master/children"); do
    case $(tr '\0' ' ' <"/proc/$child/cmdline" 2>/dev/null) in *"shutting down"*) ;; *"worker process"*) echo "$child" ;; esac
done; }
# Exit codes prove nothing: a master that cannot load the file keeps its old workers and says so only in its log.
were=$(workers)
kill -HUP "$master"
i=0
while :; do
    fresh=
    for worker in $(workers); do case " $(echo $were) " in *" $worker "*) ;; *) fresh=$worker ;; esac; done
    still=
    for worker in $(workers); do case " $(echo $were) " in *" $worker "*) still=$worker ;; esac; done
    [ -z "$fresh" ] || [ -n "$still" ] || finish 0
    i=$((i + 1))
    if [ "$i" -ge 200 ]; then
        back
        kill -HUP "$master"
        echo "no new worker within 10 s" >&2
        exit 7
    fi
    sleep 0.05
done
