# How nginx gets new workers without a client's request being lost: functions for the script behind this one. As root.
# $1 pid of the master, or "" = it does not run  $2 when that began
# $3 the file that the configuration asks whether to let clients go, or ""  $4 how long to wait for them, in hundredths of a second
# Exit: 8 the master is gone
master=$1 start=$2 closing=$3 patience=$4
shift 4
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
LC_ALL=C; export LC_ALL
# Once begun it goes on to its end, whoever asked for it is gone or not: half of it would be a changed file that nobody loaded,
# or clients that are asked to leave for ever.
trap '' HUP INT TERM PIPE

now() { read -r up _ </proc/uptime && echo "${up%.*}${up#*.}"; }

# A pid is the master's for as long as that lives; then the kernel gives it to another process, which a HUP would end.
is_master() {
    title= stat=
    read -r title <"/proc/$master/cmdline"
    read -r stat <"/proc/$master/stat"
    case $title in "nginx: master process"*) ;; *) return 1 ;; esac
    set -- ${stat##*) }
    [ -n "$start" ] && [ "${20:-}" = "$start" ]
} 2>/dev/null
load() { is_master && kill -HUP "$master"; }
[ -z "$master" ] || is_master || exit 8

# $1 "" = those that serve, "ending" = those that finish what they have
# Without a process for each of them: it is asked again and again.
workers() {
    children=
    read -r children 2>/dev/null <"/proc/$master/task/$master/children"
    for child in $children; do
        title=
        read -r title 2>/dev/null <"/proc/$child/cmdline"
        case $1,$title in
            ending,*"shutting down"*) echo "$child" ;;
            ,*"shutting down"*) ;;
            ,*"worker process"*) echo "$child" ;;
        esac
    done
}

# Connections to its ports, the two ends of each.
clients() { { ss -Htnlp; echo; ss -Htn state established; } 2>/dev/null | awk -v master="pid=$master," '
    NF == 0 { second = 1; next }
    !second { if (index($0, master)) { port = $4; sub(/.*:/, "", port); ours[port] } next }
    { port = $3; sub(/.*:/, "", port); if (port in ours) print $3, $4 }'; }
still_there() { { printf '%s\n\n' "$1"; clients; } | awk 'NF == 0 { second = 1; next } !second { was[$0]; next } $0 in was'; }

# A worker that ends closes each connection after the answer under way, which had still promised to keep it: the client's next request
# would be lost. So all are asked for a moment to open their next connection anew.
let_clients_go() {
    [ -n "$closing" ] && [ -n "$master" ] && : >"$closing" && chmod 644 "$closing" || return 0
    end=$(($(now) + patience)) before=$(clients)
    while [ -n "$before" ] && [ "$(now)" -lt "$end" ]; do
        sleep 0.05
        before=$(still_there "$before")
    done
} 2>/dev/null

# Not before the old workers have answered what they had: a client may have connected to one just before. What takes long was asked for
# before, and is not waited for.
keep_clients() {
    [ -n "$closing" ] && [ -e "$closing" ] || return 0
    end=$(($(now) + 50))
    while [ -n "$(workers ending)" ] && [ "$(now)" -lt "$end" ]; do sleep 0.05; done
    rm -f "$closing"
}

