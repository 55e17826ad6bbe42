# keepalived on this host: processes, configuration with its includes, tracked files. Looks only; sends no signal.
# $1 sudo or empty, $2 configuration unless its command line names another, $3 unit
sudo=$1 config=$2 unit=$3 id=$(uname -n)
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# Containers on this host may run a keepalived of their own: the unit's, or those that init started, are the host's.
main=
command -v systemctl >/dev/null && main=$(systemctl show -p MainPID "$unit" 2>/dev/null | sed 's/MainPID=//')
if [ "${main:-0}" = 0 ]; then main=; fi
for pid in $(pgrep -x keepalived 2>/dev/null || pidof keepalived 2>/dev/null); do
    read -r line 2>/dev/null <"/proc/$pid/stat" || continue
    set -- ${line##*) }
    [ -n "$main" ] || [ "$2" != 1 ] || main=$pid
    [ "$pid" = "$main" ] || [ "$2" = "${main:-1}" ] || [ "$2" = 1 ] || continue
    printf '==process== %s %s %s\n' "$pid" "$2" "$1"
done
if [ -n "$main" ]; then
    next=
    while IFS= read -r word; do
        case $next in config) config=$word ;; id) id=$word ;; esac
        next=
        case $word in
            -f | --use-file) next=config ;;
            -i | --config-id) next=id ;;
            --use-file=*) config=${word#*=} ;;
            --config-id=*) id=${word#*=} ;;
            -f*) config=${word#-f} ;;
            -i*) id=${word#-i} ;;
        esac
    done <<END
$(tr '\0' '\n' <"/proc/$main/cmdline" 2>/dev/null)
END
fi
printf '==id== %s\n==config== %s\n' "$id" "$config"
# Whoever writes keepalived's configuration can let it run anything as root: a login that needs sudo must not.
if [ -w "$config" ] && [ "$(id -u)" = 0 ]; then echo '==edit=='; fi

read_as_root() {
    if [ -r "$1" ]; then cat "$1"; elif [ -n "$sudo" ]; then sudo -n cat "$1" 2>/dev/null </dev/null; else return 1; fi
}
# $1 file, $2 how deep its includes may go
show() {
    [ -e "$1" ] || return 0
    text=$(read_as_root "$1") || { printf '==unread== %s\n' "$1"; return 0; }
    printf '==file== %s %s\n' "$(read_as_root "$1" | sha256sum | cut -d' ' -f1)" "$1"
    # Not from the variable: it has lost the empty lines at the end, and what is written back must be whole.
    read_as_root "$1" | sed 's/^/|/'
    echo
    [ "$2" -gt 0 ] || return 0
    for pattern in $(printf '%s\n' "$text" | sed -n 's/^[[:space:]]*\(@[^[:space:]]*[[:space:]]*\)\{0,1\}include[rmwba]\{0,1\}[[:space:]][[:space:]]*"\{0,1\}\([^"#!]*\).*/\2/p'); do
        case $pattern in /*) ;; *) pattern=$(dirname "$1")/$pattern ;; esac
        for file in $pattern; do (show "$file" $(($2 - 1))); done
    done
}
all=$(show "$config" 4)
printf '%s\n' "$all"
# Only what looks like a number leaves the host.
printf '%s\n' "$all" | sed -n 's/^|[[:space:]]*file[[:space:]][[:space:]]*"\{0,1\}\([^"#!{}]*[^"#!{}[:space:]]\).*/\1/p' | sort -u | head -n 20 |
    while IFS= read -r path; do
        value=$(head -n 1 "$path" 2>/dev/null | tr -cd '0-9-' | head -c 11)
        if [ -w "$path" ]; then may=w; else may=-; fi
        printf '==track== %s %s %s\n' "$may" "${value:-?}" "$path"
    done
