# Behind nginx-reload.sh: loads the configuration as it is. $1 pid file, or "" = the command has no use for it; then
# the command that does it.
pidfile=$1
shift
let_clients_go
# The command signals whatever the pid file names.
named=
[ -z "$pidfile" ] || read -r named 2>/dev/null <"$pidfile"
if [ -z "$pidfile" ] || [ "$named" = "$master" ]; then "$@"; else load; fi
code=$?
# The command may be back before the master has begun.
end=$(($(now) + 50))
while [ "$code" = 0 ] && [ -n "$closing" ] && [ -n "$master" ] && [ -z "$(workers ending)" ] && [ "$(now)" -lt "$end" ]; do sleep 0.05; done
keep_clients
exit "$code"
