# Every HAProxy here, and the words it was started with: they say more than any path that is usual. $1 binary
# Words with tabs between them, a line each: "process pid parent start place executable directory", then a line "word text" for each
# argument, or "worker pid parent".
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
LC_ALL=C; export LC_ALL
tab=$(printf '\t')
configured=$(command -v "$1")

# A process in a pid namespace below ours has more than one pid.
depth() { while read -r key pids; do case $key in NSpid:) set -- $pids; echo $#; return ;; esac; done <"/proc/$1/status"; } 2>/dev/null
ours=$(depth self)
network=$(readlink /proc/self/ns/net)
place() {
    if [ "$(depth "$1")" != "$ours" ]; then echo container
    # Only root sees more of it than that.
    elif ! theirs=$(readlink "/proc/$1/ns/net" 2>/dev/null); then echo here
    # A service with a private /tmp has mounts of its own, and still the same root. (A worker's own may be an empty folder.)
    elif ! [ "/proc/$1/root" -ef / ]; then echo container
    elif [ "$theirs" != "$network" ]; then echo network
    else echo here; fi
}
for folder in /proc/[0-9]*; do
    comm=
    read -r comm 2>/dev/null <"$folder/comm"
    [ "$comm" = haproxy ] || continue
    pid=${folder#/proc/}
    stat=
    read -r stat 2>/dev/null <"$folder/stat"
    set -- ${stat##*) }
    parent=${2:-0} start=${20:-}
    of=
    read -r of 2>/dev/null <"/proc/$parent/comm"
    if [ "$of" = haproxy ]; then
        printf 'worker\t%s\t%s\n' "$pid" "$parent"
        continue
    fi
    executable=$(readlink "$folder/exe" 2>/dev/null)
    if [ -z "$executable" ] || [ "$folder/exe" -ef "$configured" ]; then executable=; else executable=${executable%" (deleted)"}; fi
    printf 'process\t%s\t%s\t%s\t%s\t%s\t%s\n' \
        "$pid" "$parent" "$start" "$(place "$pid")" "$executable" "$(readlink "$folder/cwd" 2>/dev/null)"
    tr '\000\n' '\n ' <"$folder/cmdline" 2>/dev/null | sed "s/^/word$tab/"
done
echo found
