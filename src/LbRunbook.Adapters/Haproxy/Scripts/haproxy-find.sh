# Behind process-place.sh: every HAProxy here, and the words it was started with: they say more than any path that is usual. $1 binary
# Words with tabs between them, a line each: "process pid parent start place executable directory", then a line "word text" for each
# argument, or "worker pid parent".
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
LC_ALL=C; export LC_ALL
tab=$(printf '\t')
configured=$(command -v "$1")

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
