# Runs a command only as long as the lease on this node is the caller's: one that was stopped for longer than its lease lasts
# must not go on where it was.
# $1 lease  $2 id  $3 /proc  then the command
file=$1 wanted=$2 proc=$3
shift 3
id= renewed=0 ttl=0
while IFS= read -r line; do
    case $line in id=*) id=${line#*=} ;; renewed=*) renewed=${line#*=} ;; ttl=*) ttl=${line#*=} ;; esac
done 2>/dev/null <"$file"
read -r up rest <"$proc/uptime"
now=${up%.*}${up#*.}
case $now$renewed$ttl in '' | *[!0-9]*) id= renewed=0 ttl=0 now=0 ;; esac
if [ "$id" != "$wanted" ] || [ $((now - renewed)) -ge "$ttl" ]; then
    echo "lbctl-fenced" >&2
    exit 78
fi
exec "$@"
