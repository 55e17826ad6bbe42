# Replaces HAProxy's configuration by what comes on stdin, once HAProxy's own test of it has passed. Nothing is reloaded. As root.
# $1 file  $2 its SHA-256 as it was read  $3 binary
# Exit: 0 in place · 3 changed meanwhile · 4 the new one fails the test (prints why) · 6 could not be written
file=$(readlink -f "$1") before=$2 haproxy=$3
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Once begun it goes on to its end, whoever asked for it is gone or not.
trap '' HUP INT TERM PIPE
umask 077
# In the same folder, so that the rename is one step and relative names in it mean the same; HAProxy loads no file that begins with a dot.
new=$(dirname "$file")/.lbctl-new
kept=/var/lib/lbctl/haproxy
finish() { rm -f "$new"; exit "$1"; }
cat >"$new" || finish 6
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
if ! why=$("$haproxy" -c -f "$new" 2>&1); then
    printf '%s\n' "$why" | grep -F '[ALERT]' | head -n 1 >&2
    finish 4
fi
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" && sync "$new" || finish 6
# The test took its time.
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
mv -f "$new" "$file" || finish 6
