# Behind nginx-reload.sh: replaces one file of nginx's configuration by what comes on stdin, and loads it; or leaves everything as it was.
# $1 file  $2 its SHA-256 as it was read, then the command that tests the configuration
# Exit: 0 loaded · 3 changed meanwhile · 4 the new one fails the test (prints why) · 6 could not be written · 7 not loaded, put back ·
# 8 the master is gone, put back
file=$(readlink -f "$1") before=$2
shift 2
umask 077
# Names that no include of *.conf takes in.
new=$(dirname "$file")/.lbctl-new old=$(dirname "$file")/.lbctl-old
# Away from the folders of the configuration: a copy there would be a second upstream of the same name.
kept=/var/lib/lbctl/nginx
finish() { rm -f "$new" "$old"; keep_clients; exit "$1"; }
cat >"$new" || finish 6
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" && cp -p "$file" "$old" || finish 6
mv -f "$new" "$file" || finish 6
back() { mv -f "$old" "$file"; }
if ! why=$("$@" 2>&1); then
    back
    printf '%s\n' "$why" | grep -F '[emerg]' | tail -n 1 >&2
    exit 4
fi
# Not running: it will read the file when it is started.
[ -n "$master" ] || finish 0
let_clients_go
# Exit codes prove nothing: a master that cannot load the file keeps its old workers and says so only in its log.
were=$(workers)
load || { back; finish 8; }
i=0
while :; do
    fresh='' still=''
    for worker in $(workers); do case " $(echo $were) " in *" $worker "*) still=$worker ;; *) fresh=$worker ;; esac; done
    [ -z "$fresh" ] || [ -n "$still" ] || finish 0
    i=$((i + 1))
    if [ "$i" -ge 200 ]; then
        back
        load
        echo "no new worker within 10 s" >&2
        keep_clients
        exit 7
    fi
    sleep 0.05
done
