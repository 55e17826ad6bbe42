# Runs `lbctl lab down --all` where "all" means only what is made here: own processes, network, mounts and control groups.
# $1 lbctl, $2 a name for the control group
set -e
for h in systemd unified freezer; do
    mkdir -p "/sys/fs/cgroup/$h/$2"
    echo $$ >"/sys/fs/cgroup/$h/$2/cgroup.procs"
done
exec unshare --mount --net --pid --fork --kill-child --mount-proc --cgroup --propagation private sh -e -c '
    mount -t sysfs sysfs /sys
    mount -t tmpfs none /sys/fs/cgroup
    cd /sys/fs/cgroup
    mkdir systemd unified freezer
    mount -t cgroup -o none,name=systemd cgroup systemd
    mount -t cgroup2 cgroup2 unified
    mount -t cgroup -o freezer cgroup freezer
    mkdir -p /run/lbctl /run/netns
    mount -t tmpfs none /run/lbctl
    mount -t tmpfs none /run/netns
    ip link set lo up

    "$1" lab up --name one --nodes 1 --backends 1
    "$1" lab up --name two --nodes 1 --backends 1 &
    up=$!
    until [ -e /run/lbctl/labs/two/log/lb1.log ]; do read -r _ </proc/uptime; done
    kill -9 $up
    wait $up || true
    # No claim: now these are strays.
    rm /run/lbctl/indexes/1

    "$1" lab down --all
    echo LEFT
    ls -A /run/netns /run/lbctl/labs /run/lbctl/indexes | grep -v ":$" || true
    mount | grep "/labs/one/\|/labs/two/" || true
    ip -o link | grep " lb[0-9]" || true
    ps -eo stat,args | grep "[n]spawn\|[h]aproxy\|[n]ginx" | grep -v "^Z\|sh -e -c" || true
    find /sys/fs/cgroup -name "lb[0-9]*"
' sh "$1"
