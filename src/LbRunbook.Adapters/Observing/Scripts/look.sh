# Everything that one look at a load balancer needs, in one trip. Sections begin with a marker line.
# $1 full|quick, $2 systemd unit of the proxy or empty, $3 sudo or empty, $4 haproxy|nginx, $5 configuration (paths, one a line),
# $6 words that differ from node to node (one a line), $7 seconds for backend checks, $8 script for those checks,
# $9 virtual IPs ("address/bits interface 4|6", one a line) that root's rules must let us move, ${10} script for keepalived, ${11} its configuration, ${12} its unit,
# ${13} script for other owners of addresses, then its parameters (the first says how many there are),
# then eight words for each backend: see checks.sh.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
LC_ALL=C; export LC_ALL
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
scope=$1 unit=$2 sudo=$3 kind=$4 config=$5 words=$6 seconds=$7 checks=$8 vips=$9
shift 9
keepalived=$1 keepalived_config=$2 keepalived_unit=$3 owners=$4
shift 4
count=$1
section() { printf '\n==lbctl== %s\n' "$1"; }
have() { command -v "$1" >/dev/null 2>&1; }

section addr
ip -j addr 2>&1

section service
if [ -n "$unit" ] && have systemctl; then
    systemctl show -p Id,LoadState,ActiveState,SubState,UnitFileState,MainPID,Result "$unit" 2>&1
fi

# Parts of a hand-over that are under way or were left: "id armed|loose role from to vips".
if [ -d /run/lbctl-handover ]; then
    section handover
    for folder in /run/lbctl-handover/*/; do
        [ -r "$folder/about" ] || continue
        id=$(basename "$folder")
        if systemctl is-active -q "lbctl-handover-$id.timer"; then armed=armed; else armed=loose; fi
        printf '%s %s %s\n' "$id" "$armed" "$(cat "$folder/about")"
    done
fi

if [ -n "$sudo" ] && [ "$(id -u)" != 0 ]; then
    section sudo
    # Asked, not tried: a command that is not in the rules would be reported as an incident. The list is given without a password
    # as soon as one rule is; so each command that a change consists of is asked for, too: who finds out half-way that he may add an
    # address but not remove it leaves two holders. The words are those of AddressCommands.cs.
    may() { sudo -n -l -- "$@" >/dev/null 2>&1 </dev/null || printf 'refused no rule for %s\n' "$*"; }
    if rules=$(sudo -n -l 2>&1 </dev/null); then
        case $rules in
            *NOPASSWD:* | *!authenticate*) ;;
            *) said=$(sudo -n true 2>&1 </dev/null) || printf 'refused %s\n' "$said" ;;
        esac
        printf '%s\n' "$vips" | while read -r cidr device family; do
            case $family in 6) set -- nodad preferred_lft 0 ;; 4) set -- ;; *) continue ;; esac
            may ip addr replace "$cidr" dev "$device" "$@"
            may ip addr del "$cidr" dev "$device"
        done
    else
        printf 'refused %s\n' "$(printf '%s\n' "$rules" | tail -n 1)"
    fi
else
    sudo=
fi
# Nobody who does not have it pays for it: one process tells the names of all.
processes=$(cat /proc/[0-9]*/comm 2>/dev/null)
export processes
# With process_name in its configuration it is called as that says: where it is installed it is looked for by its arguments, too.
if [ -e "$keepalived_config" ] || case $processes in *keepalived*) ;; *) false ;; esac ||
    { have keepalived && pgrep -f '^([^ ]*/)?keepalived( |$)' >/dev/null 2>&1; }; then
    section keepalived
    sh -c "$keepalived" keepalived "$sudo" "$keepalived_config" "$keepalived_unit" </dev/null
fi
section owners
sh -c "$owners" owners "$@" </dev/null
shift "$count"
# The heads of HAProxy's sections that take settings from each other, and a word for every other one.
heads='
    $1 ~ /^(defaults|backend|listen)$/ { $1 = $1; print; next }
    $1 ~ /^(global|frontend|peers|resolvers|userlist|mailers|cache|program|ring|fcgi-app|http-errors|log-forward|log-profile|crt-store|traces|acme)$/ { print "section"; next }
'
# A hash by a map and a consistent one have the same name at run time; only the second takes weights in steps. Nothing else is told.
if [ "$kind" = haproxy ]; then
    section balancing
    printf '%s\n' "$config" | while IFS= read -r path; do
        if [ -d "$path" ]; then cat "$path"/*.cfg "$path"/*.conf
        elif [ -r "$path" ]; then cat "$path"
        elif [ -n "$sudo" ]; then sudo -n cat "$path" </dev/null
        fi
    done 2>/dev/null | awk "$heads"' $1 == "hash-type" { print $1, $2 }'
fi
[ "$scope" = full ] || exit 0

# Why it does not run, in its own last words. Nobody else waits for a journal, and nobody is asked for a password.
if [ -n "$unit" ] && have systemctl && have journalctl && ! systemctl is-active -q "$unit"; then
    section servicelog
    last_words() {
        if [ -n "$sudo" ] && sudo -n -l -- "$@" >/dev/null 2>&1 </dev/null; then set -- sudo -n "$@"; fi
        "$@" 2>/dev/null </dev/null
    }
    last_words journalctl -u "$unit" -n 20 --no-pager -q -o short
fi

# The checks wait for others most of the time: they run beside the rest.
if [ $# -gt 0 ]; then
    if have bash; then bash -c "$checks" checks "$seconds" "$@" </dev/null 2>/dev/null & else echo "==check== none"; fi
fi

read_as_root() {
    if [ -r "$1" ]; then cat "$1"; elif [ -n "$sudo" ]; then sudo -n cat "$1" 2>/dev/null </dev/null; else return 1; fi
}

# openssl gives the certificate alone, so that a rule for it does not give the key away.
read_certificate() {
    if [ -r "$1" ] || [ -z "$sudo" ] || ! have openssl; then read_as_root "$1"; else sudo -n openssl x509 -in "$1" 2>/dev/null </dev/null; fi
}

# What HAProxy was started with, a line for each -f: nothing where there is not exactly one, or its names are relative.
started() {
    count=0 known=
    for folder in /proc/[0-9]*; do
        comm= of= stat=
        read -r comm 2>/dev/null <"$folder/comm"
        [ "$comm" = haproxy ] || continue
        read -r stat 2>/dev/null <"$folder/stat"
        set -- ${stat##*) }
        read -r of 2>/dev/null <"/proc/${2:-0}/comm"
        [ "$of" != haproxy ] || continue
        # In a container the same names are other files.
        [ ! -r "$folder/root/." ] || [ "$folder/root" -ef / ] || continue
        count=$((count + 1))
        known=$(tr '\000\n' '\n ' <"$folder/cmdline" 2>/dev/null |
            awk 'last == "-f" || rest { print } { last = rest ? "" : $0 } $0 == "--" { rest = 1 }')
    done
    [ "$count" = 1 ] || return 0
    printf '%s\n' "$known" | grep -q -v '^/' || printf '%s\n' "$known"
}
if [ "$kind" = haproxy ] && [ -n "$config" ]; then
    running=$(started)
    [ -z "$running" ] || config=$running
fi

# The main file, those in a configuration folder, and nginx's includes.
files() {
    if [ "$kind" = haproxy ]; then
        printf '%s\n' "$config" | while IFS= read -r path; do
            if [ -d "$path" ]; then for file in "$path"/*.cfg; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
            else printf '%s\n' "$path"; fi
        done
        return
    fi
    printf '%s\n' "$config"
    base=$(dirname "$config")
    includes "$config" 3
}
includes() {
    for pattern in $(read_as_root "$1" | sed -n 's/^[[:space:]]*include[[:space:]][[:space:]]*\([^;]*\);.*/\1/p'); do
        case "$pattern" in /*) ;; *) pattern=$base/$pattern ;; esac
        for file in $pattern; do
            [ -f "$file" ] || continue
            printf '%s\n' "$file"
            [ "$2" -le 1 ] || (includes "$file" $(($2 - 1)))
        done
    done
}

everything() { files | while IFS= read -r file; do read_as_root "$file"; done; }
text=$(everything)
if [ -n "$text" ] && have sha256sum; then
    section hash
    printf '%s\n' "$text" | sha256sum
    section fingerprint
    # Whole words only: 10.0.0.1 is not a part of 10.0.0.11. Whole-line comments and spacing mean nothing to the proxy.
    printf '%s\n' "$text" | words=$words awk '
        BEGIN { count = split(ENVIRON["words"], word, "\n") }
        /^[ \t]*(#|$)/ { next }
        {
            $1 = $1
            for (i = 1; i <= count; i++) {
                if (word[i] == "") continue
                done = ""; rest = $0
                while (at = index(rest, word[i])) {
                    before = at == 1 ? substr(done, length(done)) : substr(rest, at - 1, 1)
                    after = substr(rest, at + length(word[i]), 1)
                    whole = before !~ /[A-Za-z0-9_.-]/ && after !~ /[A-Za-z0-9_.-]/
                    done = done substr(rest, 1, at - 1) (whole ? "@node@" : word[i])
                    rest = substr(rest, at + length(word[i]))
                }
                $0 = done rest
            }
            print
        }' | sha256sum
fi

# Of HAProxy's file only what makes clients come back to their server: the rest may hold passwords.
if [ "$kind" = haproxy ] && [ -n "$text" ]; then
    section persistence
    printf '%s\n' "$text" | awk "$heads"'
        $1 == "stick" { print $1, $2, $3; next }
        $1 == "option" && $2 ~ /^(redispatch|persist)$/ || $1 == "no" && $2 == "option" && $3 ~ /^(redispatch|persist)$/ { print $1, $2, $3 }'
fi

# Only the leaf certificate leaves the node, never the key that often stands in the same file.
section certificates
printf '%s\n' "$text" | awk -v kind="$kind" '
    /^[ \t]*#/ { next }
    kind == "nginx" && $1 == "ssl_certificate" { sub(/;$/, "", $2); print $2; next }
    $1 == "crt-base" { base = $2 "/" }
    kind == "haproxy" { for (i = 1; i < NF; i++) if ($i == "crt") print ($(i + 1) ~ /^\// ? "" : base) $(i + 1) }' |
    sort -u | head -n 20 | while IFS= read -r path; do
        if [ -d "$path" ]; then set -- "$path"/*; else set -- "$path"; fi
        for file in "$@"; do
            pem=$(read_certificate "$file" | awk '/-----BEGIN CERTIFICATE-----/ { on = 1 } on { print } /-----END CERTIFICATE-----/ { exit }')
            if [ -n "$pem" ]; then printf '==file== %s\n%s\n' "$file" "$pem"; else
                # A relative name or a variable is the proxy's to resolve.
                case $file in /*) [ -r "$file" ] || printf '==unread== %s\n' "$file" ;; esac
            fi
        done
    done

section memory
cat /proc/meminfo
section disks
df -P -l 2>/dev/null
section load
cat /proc/loadavg
# Last, so that it does not measure the look itself.
section cpu
read -r line </proc/stat; echo "$line"
grep -c '^cpu[0-9]' /proc/stat
sleep 0.15
read -r line </proc/stat; echo "$line"
wait
section end
