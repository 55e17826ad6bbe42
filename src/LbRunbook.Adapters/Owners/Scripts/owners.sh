# Who else gives addresses to this host. Looks only.
# $1 how many parameters are its own, $2 sudo or empty, $3 addresses to look for in files (one a line), then for each manager: name,
# processes (a|b), files (one a line), "moves" or empty. Of a process's arguments and environment, and of files, only what looks like an address leaves the host.
left=$(($1 - 3)) sudo=$2 wanted=$3
shift 3
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
# Asked before it is tried: what is not in the rules would be reported as an incident.
as_root() { "$@" 2>/dev/null || { [ -n "$sudo" ] && sudo -n -l -- "$@" >/dev/null 2>&1 </dev/null && sudo -n "$@" 2>/dev/null </dev/null; }; }
addresses() { grep -aoE '([0-9]{1,3}\.){3}[0-9]{1,3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}' | sort -u | sed 's/^/address /'; }
network=$(readlink /proc/self/ns/net)

# $1 pid: in a container with addresses of its own? What may not be seen counts as the host's.
is_ours() { theirs=$(as_root readlink "/proc/$1/ns/net"); [ -z "$theirs" ] || [ "$theirs" = "$network" ]; }

# $1 name, $2 processes, $3 files
process() {
    printf '%s\n' "$running" | while read -r pid comm; do
        case "|$2|" in *"|$comm|"*) ;; *) continue ;; esac
        is_ours "$pid" || continue
        line=$(as_root cat "/proc/$pid/cmdline" | tr '\0' '\n')
        found=
        text=
        for file in $3 $(printf '%s\n' "$line" | grep -E '^(--[a-z-]*=)?/.*\.(ya?ml|conf|cfg|json)$' | sed 's/^--[a-z-]*=//'); do
            if more=$(as_root cat "$file"); then
                found=yes
                text="$text
$more"
            elif [ -e "$file" ]; then
                printf 'unread %s\n' "$file"
            fi
        done
        # Patroni itself moves no address; what it calls may.
        if [ "$1" = patroni ] && [ -n "$found" ]; then
            case $text in *callbacks*) found= text= ;; *) continue ;; esac
        fi
        printf 'owner %s process %s%s\n' "$1" "$pid" "${found:+ read}"
        { printf '%s\n%s\n' "$line" "$text"; as_root cat "/proc/$pid/environ" | tr '\0' '\n' | grep -v '^SSH_'; } | addresses
        # What pacemaker calls them: the resource's line comes before that of its address.
        printf '%s\n' "$text" | awk '
            /<primitive / { id = $0; sub(/.* id="/, "", id); sub(/".*/, "", id) }
            /<nvpair / && /name="ip"/ { value = $0; sub(/.* value="/, "", value); sub(/".*/, "", value); if (id ~ /^[A-Za-z0-9_.-]+$/) print "resource", value, id }'
        return
    done
}

# $1 name, $2 processes, $3 files: what is there without its program (an old distribution's leftover) owns nothing.
files() {
    [ -n "$wanted" ] && [ -n "$3" ] || return 0
    case $1 in
        ifupdown) command -v ifup >/dev/null 2>&1 || return 0 ;;
        *) case " $running" in *" $2"*) ;; *) return 0 ;; esac ;;
    esac
    # Without sudo: what root alone may read (NetworkManager's) is left out rather than asked for at every look.
    grep -rswHF -e "$wanted" $3 | grep -v ':[[:space:]]*[#;]' | while IFS= read -r line; do
        printf '%s\n' "$wanted" | while IFS= read -r address; do
            case ${line#*:} in *"$address"*) printf 'owner %s %s read\naddress %s\n' "$1" "${line%%:*}" "$address" ;; esac
        done
    done | head -n 40
}

# One process for all of them.
names=
i=$left
for word in "$@"; do
    [ "$i" -gt 0 ] || break
    [ $(((left - i) % 4)) != 1 ] || names="$names|$word"
    i=$((i - 1))
done
# Mostly there is none of them, and the names of all processes tell that sooner than a search.
running=
: "${processes=$(cat /proc/[0-9]*/comm 2>/dev/null)}"
IFS='|'
for name in ${names#|}; do
    case "
$processes
" in *"
$name
"*)
        running=$(pgrep -l -x "${names#|}" 2>/dev/null)
        break ;;
    esac
done
unset IFS
while [ "$left" -gt 0 ]; do
    if [ -n "$4" ]; then process "$1" "$2" "$3"; else files "$1" "$2" "$3"; fi
    shift 4
    left=$((left - 4))
done
