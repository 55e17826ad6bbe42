# Behind haproxy-environment.sh: replaces one file of HAProxy's configuration by what comes on stdin, once HAProxy's own test of the whole
# has nothing against it that it did not say before. Nothing is reloaded. As root.
# $1 file  $2 its SHA-256 as it was read  $3 binary, then the words that it takes for a test of the whole
# Exit: 0 in place · 3 changed meanwhile · 4 the new one fails the test (prints why) · 6 could not be written
file=$(readlink -f "$1") before=$2 haproxy=$3
shift 3
# Once begun it goes on to its end, whoever asked for it is gone or not.
trap '' HUP INT TERM PIPE
umask 077
# In the same folder, so that the rename is one step and relative names in it mean the same; HAProxy loads no file that begins with a dot.
new=$(dirname "$file")/.lbctl-new
kept=/var/lib/lbctl/haproxy
finish() { rm -f "$new"; exit "$1"; }
cat >"$new" || finish 6
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
# The whole of it, with the new file in the place of the old one; a folder does not take in what begins with a dot.
# $1 the file to test, then the words
try() {
    put=$1 path=
    shift
    for word do
        shift
        if [ -n "$path" ]; then
            path=
            if [ -d "$word" ]; then
                for one in "$word"/*.cfg; do [ ! -f "$one" ] || set -- "$@" -f "$(instead "$one")"; done
            else
                set -- "$@" -f "$(instead "$word")"
            fi
        elif [ "$word" = -f ]; then path=next; else set -- "$@" "$word"; fi
    done
    "$haproxy" -c "$@" 2>&1
}
instead() { if [ "$1" -ef "$file" ]; then echo "$put"; else echo "$1"; fi; }
# Which line of which copy it is does not make a message another one.
messages() {
    printf '%s\n' "$1" | grep -F '[ALERT]' |
        sed -e "s|$new|$file|g" -e 's/([0-9]*)//g' -e 's/:[0-9][0-9]*\]/:]/g' -e 's/line [0-9]*/line/g'
}
if ! why=$(try "$new" "$@"); then
    # What it said before this change as well is no word against the change.
    was=$(messages "$(try "$file" "$@")")
    fresh=$(messages "$why" | while IFS= read -r line; do
        printf '%s\n' "$was" | grep -qxF -e "$line" || printf '%s\n' "$line"
    done)
    if [ -z "$was" ] || [ -n "$fresh" ]; then
        if [ -n "$was" ]; then printf '%s\n' "$fresh"; else printf '%s\n' "$why" | grep -F '[ALERT]'; fi | head -n 1 >&2
        finish 4
    fi
fi
(umask 022 && mkdir -p "$kept") && cp -p "$file" "$kept/$(basename "$file").$(echo "$before" | cut -c1-12)" || finish 6
chown --reference="$file" "$new" && chmod --reference="$file" "$new" && sync "$new" || finish 6
# The test took its time.
[ "$(sha256sum <"$file" | cut -d' ' -f1)" = "$before" ] || finish 3
mv -f "$new" "$file" || finish 6
