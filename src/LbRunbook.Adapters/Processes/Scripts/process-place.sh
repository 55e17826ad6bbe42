# Where a process is, for the script behind this one: "here" = on the machine itself, "container", "network" = in another one.
# A process in a pid namespace below ours has more than one pid.
depth() { while read -r key pids; do case $key in NSpid:) set -- $pids; echo $#; return ;; esac; done <"/proc/$1/status"; } 2>/dev/null
ours=$(depth self)
network=$(readlink /proc/self/ns/net)
place() {
    if [ "$(depth "$1")" != "$ours" ]; then echo container
    # Only root sees more of it than that.
    elif ! theirs=$(readlink "/proc/$1/ns/net" 2>/dev/null); then echo here
    # A service with a private /tmp has mounts of its own, and still the same root. (A worker's own may be an empty folder.)
    elif ! [ "/proc/$1/root" -ef / ]; then echo container
    elif [ "$theirs" != "$network" ]; then echo network
    else echo here; fi
}
