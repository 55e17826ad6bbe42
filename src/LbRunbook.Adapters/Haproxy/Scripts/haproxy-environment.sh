# For the script behind this one: the environment of the HAProxy that runs, since its configuration may use it. As root.
# What is in it may be secret: it is neither printed nor put on a command line, where everybody on the machine could read it.
# $1 pid or ""  $2 folder in which it was started or ""
pid=$1 folder=$2
shift 2
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
[ -z "$folder" ] || cd "$folder" 2>/dev/null || :
take_environment() {
    while IFS= read -r pair; do
        name=${pair%%=*}
        case $name in
            # Not a variable: the second line of a value.
            "$pair" | '' | [0-9]* | *[!A-Za-z0-9_]*) ;;
            # What a master says to its own next process, and systemd to the service.
            HAPROXY_MWORKER* | HAPROXY_PROCESSES | HAPROXY_CFGFILES | NOTIFY_SOCKET | LISTEN_* | WATCHDOG_* | PWD | SHLVL | _) ;;
            # Those of the shell itself.
            PATH | IFS | PPID | OPTIND | PS[0-9] | LC_ALL | LANG) ;;
            *) export "$pair" ;;
        esac
    done
}
if [ -n "$pid" ] && [ -r "/proc/$pid/environ" ]; then
    read -r comm 2>/dev/null <"/proc/$pid/comm"
    # A pipe would keep the variables in a shell of its own.
    [ "$comm" != haproxy ] || take_environment <<END
$(tr '\000' '\n' <"/proc/$pid/environ")
END
fi
