# Removes the primary address of a subnet without losing its secondaries.
# $1 address/prefix  $2 interface  $3 "sudo" or ""
cidr=$1 dev=$2 as=${3:+sudo -n}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
key=net.ipv4.conf.$dev.promote_secondaries
case $dev in *.*) key=net/ipv4/conf/$dev/promote_secondaries ;; esac
before=$(cat "/proc/sys/net/ipv4/conf/$dev/promote_secondaries") || exit 1
if [ "$before" = 0 ]; then
    $as sysctl -qw "$key=1" </dev/null || exit 1
    trap '$as sysctl -qw "$key=0" </dev/null' EXIT
fi
$as ip addr del "$cidr" dev "$dev" </dev/null
