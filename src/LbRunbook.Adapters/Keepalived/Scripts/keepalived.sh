# keepalived on this host: processes, configuration with its includes, tracked files. Looks only; sends no signal.
# $1 sudo or empty, $2 configuration unless its command line names another, $3 unit
sudo=$1 default=$2 unit=$3
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Asked before it is tried: what is not in the rules would be reported as an incident.
as_root() { "$@" 2>/dev/null || { [ -n "$sudo" ] && sudo -n -l -- "$@" >/dev/null 2>&1 </dev/null && sudo -n "$@" 2>/dev/null </dev/null; }; }
read_as_root() {
    if [ -r "$1" ]; then cat "$1"; elif [ -n "$sudo" ]; then sudo -n cat "$1" 2>/dev/null </dev/null; else return 1; fi
}

# Of one file: "i PATTERN" for each include and "t PATH" for each tracked file, with the definitions of one line filled in.
named='
    function put(text, name, value,   at, out) {
        while (at = index(text, name)) { out = out substr(text, 1, at - 1) value; text = substr(text, at + length(name)) }
        return out text
    }
    function filled(text,   round, name) {
        for (round = 0; round < 4 && index(text, "$"); round++)
            for (name in value) {
                text = put(text, "${" name "}", value[name])
                if (substr(text, length(text) - length(name)) == "$" name) text = substr(text, 1, length(text) - length(name) - 1) value[name]
            }
        return text
    }
    function spread(kind, text,   open, close_at, parts, count, i) {
        close_at = index(text, "}")
        for (open = close_at; open > 0 && substr(text, open, 1) != "{"; open--) ;
        if (open < 1) { print kind, text; return }
        count = split(substr(text, open + 1, close_at - open - 1), parts, ",")
        for (i = 1; i <= count; i++) spread(kind, substr(text, 1, open - 1) parts[i] substr(text, close_at + 1))
    }
    BEGIN { value["_PWD"] = folder }
    { sub(/^[ \t]*/, ""); sub(/^@[^ \t]+[ \t]+/, ""); sub(/[ \t]*[#!].*$/, "") }
    /^\$[A-Za-z_][A-Za-z0-9_]*=/ { at = index($0, "="); value[substr($0, 2, at - 2)] = substr($0, at + 1); next }
    /^include[rmwba]?[ \t]/ || /(^|[ \t{])file[ \t]/ {
        kind = /^include/ ? "i" : "t"
        sub(/^(.*[ \t{])?(include[rmwba]?|file)[ \t]+/, ""); gsub(/["\047]/, ""); sub(/[ \t\\].*$/, "")
        spread(kind, filled($0))
    }'

# $1 file as the daemon sees it, $2 how deep its includes may go
show() {
    if [ ! -e "$root$1" ]; then
        # Behind another root, or in a folder that we may not enter: not seen is not absent.
        [ -z "$root" ] && [ -x "${1%/*}" ] || printf '==unread== %s\n' "$1"
        return 0
    fi
    text=$(read_as_root "$root$1") || { printf '==unread== %s\n' "$1"; return 0; }
    printf '==file== %s %s\n' "$(read_as_root "$root$1" | sha256sum | cut -d' ' -f1)" "$1"
    # Not from the variable: it has lost the empty lines at the end, and what is written back must be whole.
    read_as_root "$root$1" | sed 's/^/|/'
    echo
    printf '%s\n' "$text" | awk -v folder="${1%/*}" "$named" | while IFS= read -r found; do
        name=${found#? }
        case $name in /*) ;; *) name=${1%/*}/$name ;; esac
        case $found in
            t*) track "$name" ;;
            i*) [ "$2" -gt 0 ] && included "$name" $(($2 - 1)) ;;
        esac
    done
}
# $1 pattern, $2 depth
included() (
    IFS=
    # Not quoted: it is a pattern. Without field separators nothing else happens to it.
    for file in $root$1; do
        if [ -e "$file" ]; then
            (show "${file#"$root"}" "$2")
        else
            folder=${file%/*}
            [ -r "$folder" ] || printf '==unread== %s\n' "$1"
        fi
    done
)
# Only what looks like a number leaves the host.
track() {
    value=$(head -n 1 "$root$1" 2>/dev/null | tr -cd '0-9-' | head -c 11)
    # In a container the name would mean another file to who writes it.
    if [ -z "$root" ] && [ -w "$1" ]; then may=w; else may=-; fi
    printf '==track== %s %s %s\n' "$may" "${value:-?}" "$1"
}

# $1 its process or empty; config, id and root are set
report() {
    case $config in /*) ;; *) config=$(as_root readlink "/proc/$1/cwd")/$config ;; esac
    printf '==id== %s\n==config== %s\n' "$id" "$config"
    [ -z "$root" ] || printf '==root== %s\n' "$root"
    # Whoever writes keepalived's configuration can let it run anything as root: a login that needs sudo must not.
    if [ -w "$root$config" ] && [ "$(id -u)" = 0 ]; then echo '==edit=='; fi
    show "$config" 8
}

main=
command -v systemctl >/dev/null && main=$(systemctl show -p MainPID "$unit" 2>/dev/null | sed 's/MainPID=//')
if [ "${main:-0}" = 0 ]; then main=; fi
network=$(readlink /proc/self/ns/net)
host=$(uname -n)
# By what it was started as: its processes may be called as its configuration wants (process_names).
pids=" $(echo $(pgrep -f '^([^ ]*/)?keepalived( |$)' 2>/dev/null || pidof keepalived 2>/dev/null)) "
seen=
for pid in $pids; do
    read -r line 2>/dev/null <"/proc/$pid/stat" || continue
    set -- ${line##*) }
    case $pids in *" $2 "*) continue ;; esac
    config=$default id=${host%%.*} next= test=
    while IFS= read -r word; do
        case $next in config) config=$word ;; id) id=$word ;; esac
        next=
        case $word in
            -t | --config-test*) test=yes ;;
            --use-file=*) config=${word#*=} ;;
            --config-id=*) id=${word#*=} ;;
            --use-file) next=config ;;
            --config-id) next=id ;;
            --*) ;;
            -f?*) config=${word#-f} ;;
            -i?*) id=${word#-i} ;;
            -*f) next=config ;;
            -*i) next=id ;;
        esac
    done <<END
$(tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null)
END
    # Somebody tries a configuration: not the daemon.
    [ -z "$test" ] || continue
    # Containers may run one of their own, on addresses of their own. The unit's, and what init started, is the host's.
    theirs=$(as_root readlink "/proc/$pid/ns/net")
    if [ -z "$theirs" ] && { [ "$pid" = "$main" ] || [ "$2" = 1 ]; }; then theirs=$network; fi
    if [ -z "$theirs" ]; then printf '==unseen== %s\n' "$pid"; continue; fi
    [ "$theirs" = "$network" ] || continue
    root=
    if [ "$pid" != "$main" ] && [ ! "/proc/$pid/root/." -ef /. ] && [ "$2" != 1 -o -x "/proc/$pid/root/." ]; then
        root=/proc/$pid/root
        if [ ! -e "$root$config" ] && [ -e "$root/usr/local$config" ]; then config=/usr/local$config; fi
        if [ "$id" = "${host%%.*}" ] && [ "$(as_root readlink "/proc/$pid/ns/uts")" != "$(readlink /proc/self/ns/uts)" ]; then
            id=$(head -n 1 "$root/etc/hostname" 2>/dev/null)
            id=${id%%.*}
        fi
    fi
    seen=yes
    # Of init: started by hand, or by a unit of another name.
    if [ "$pid" = "$main" ]; then by=; elif [ "$2" = 1 ]; then by=init; else by=$(cat "/proc/$2/comm" 2>/dev/null || echo "process $2"); fi
    printf '==daemon== %s %s\n==process== %s %s %s\n' "$pid" "$by" "$pid" "$2" "$1"
    for child in $pids; do
        read -r line 2>/dev/null <"/proc/$child/stat" || continue
        set -- ${line##*) }
        [ "$2" != "$pid" ] || printf '==process== %s %s %s\n' "$child" "$2" "$1"
    done
    report "$pid"
done
if [ -z "$seen" ]; then
    config=$default id=${host%%.*} root=
    report ''
fi
