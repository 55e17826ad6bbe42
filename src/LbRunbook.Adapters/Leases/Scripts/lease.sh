# One cluster's lease on this node: one file, changed only while the directory is locked, in the node's own time (hundredths of a
# second since its boot).
# $1 take|renew|release|read|break  $2 cluster  $3 id of the claim, or of the lease to break ("unreadable")  $4 time to live
# $5 id of a dead holder's lease, or ""  $6 boot in which it was taken  $7 lines about the holder  $8 "sudo" or ""  $9 directory  $10 /proc
# Prints result=free|ours|others|gone|unusable, why=, now=, boot=, released= and, after ==lease==, the lease as it is on the node.
op=$1 cluster=$2 id=$3 ttl=$4 dead=$5 then=$6 holder=$7 as=${8:+sudo -n} dir=$9 proc=${10}
LC_ALL=C; export LC_ALL
umask 022
lease=$dir/lease.$cluster count=$dir/count.$cluster new=$dir/new.$cluster

unusable() { printf 'result=unusable\nwhy=%s\n' "$(printf '%s' "$1" | tr '\n' ' ')"; exit 0; }

# No leading zero: a shell would take it for octal.
is_number() { case $1 in '' | *[!0-9]* | 0?* | ????????????????*) return 1 ;; esac; }

# Root's and the operators' group: a lease of either can be seen and taken over by the other, and nobody else gets in.
may() { [ -d "$dir" ] && [ -r "$dir" ] && [ -w "$dir" ] && [ -x "$dir" ]; }
may || {
    if [ "$(id -u)" = 0 ]; then why=$(mkdir -m 0770 "$dir" 2>&1)
    elif [ -n "$as" ]; then why=$($as install -d -m 2770 -g "$(id -gn)" "$dir" 2>&1 </dev/null)
    fi
    may || unusable "${why:-$dir cannot be written}"
}

# The kernel lets go of it when this process ends, however it ends.
command -v flock >/dev/null 2>&1 || unusable "there is no flock command (util-linux)"
exec 9<"$dir"
flock 9 || unusable "$dir cannot be locked"

read -r up rest <"$proc/uptime" && now=${up%.*}${up#*.} && is_number "$now" || unusable "$proc/uptime cannot be read"
read -r boot <"$proc/sys/kernel/random/boot_id" || boot=

l_id= l_token= l_boot= l_taken= l_renewed= l_ttl=
load() {
    [ "$(wc -c <"$lease")" -le 4096 ] || return 1
    while IFS= read -r line; do
        case $line in
            id=*) l_id=${line#*=} ;;
            token=*) l_token=${line#*=} ;;
            boot=*) l_boot=${line#*=} ;;
            taken=*) l_taken=${line#*=} ;;
            renewed=*) l_renewed=${line#*=} ;;
            ttl=*) l_ttl=${line#*=} ;;
        esac
    done <"$lease"
    case $l_id in '' | *[!0-9a-f]*) return 1 ;; esac
    is_number "$l_token" && is_number "$l_taken" && is_number "$l_renewed" && is_number "$l_ttl"
}

# none | ours | others | unreadable. What an earlier boot left, or a time that is still to come, is nobody's.
state=none
if [ -e "$lease" ] || [ -L "$lease" ]; then
    if ! load 2>/dev/null; then state=unreadable
    elif [ "$l_boot" != "$boot" ]; then state=none
    elif [ "$l_id" = "$id" ]; then state=ours
    elif [ "$l_renewed" -gt "$now" ] || [ $((now - l_renewed)) -ge "$l_ttl" ]; then state=none
    else state=others
    fi
fi

number=0 released=
{ read -r number released <"$count"; } 2>/dev/null
is_number "$number" || number=0
is_number "$released" && [ "$released" -le "$now" ] || released=

say() {
    printf 'result=%s\nnow=%s\nboot=%s\nreleased=%s\n==lease==\n' "$1" "$now" "$boot" "$released"
    if [ "$state" != none ] && [ -f "$lease" ]; then head -c 4096 "$lease"; fi
}

# $1 file  $2 content. By cat, whose message says why; all of it or nothing.
put() {
    rm -f "$new"
    why=$({ printf '%s\n' "$2" | cat >"$new"; } 2>&1) && why=$(mv -f "$new" "$1" 2>&1) && return
    rm -f "$new"
    unusable "${why:-$1 cannot be written}"
}

write() {
    put "$lease" "format=1
id=$id
token=$1
boot=$boot
taken=$2
renewed=$now
ttl=$ttl
$holder"
    state=ours
}

take() {
    if is_number "$l_token" && [ "$l_token" -gt "$number" ]; then number=$l_token; fi
    number=$((number + 1))
    put "$count" "$number $released"
    write "$number" "$now"
    say ours
}

give_back() {
    say free >"${1:-/dev/null}"
    rm -rf "$lease"
    # A full disk must not keep it from being given back.
    { printf '%s %s\n' "$number" "$now" >"$new" && mv -f "$new" "$count"; } 2>/dev/null || rm -f "$new"
}

case $op.$state in
    take.none) take ;;
    take.ours | renew.ours) write "$l_token" "$l_taken"; say ours ;;
    take.others) if [ -n "$dead" ] && [ "$l_id" = "$dead" ]; then take; else say others; fi ;;
    # Started anew, it has lost everything in /run; else somebody has taken the lease away.
    renew.none) if [ "$boot" != "$then" ]; then take; else say gone; fi ;;
    release.ours) give_back; state=none; say free ;;
    read.none | release.none | break.none) state=none; say free ;;
    break.ours) was=$(say free); give_back; printf '%s\n' "$was" ;;
    break.unreadable)
        if [ "$id" = unreadable ]; then was=$(say free); give_back; printf '%s\n' "$was"; else say others; fi ;;
    *) say others ;;
esac
