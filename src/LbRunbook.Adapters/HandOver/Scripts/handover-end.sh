# Ends this node's part of a hand-over: takes away what the undo file beside this script lists, newest first, and then the folder.
# Run by lbctl at the orderly end, else by the node's own timer. Safe to repeat; exit 1 while something is left.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C; export LC_ALL
here=$(dirname "$0")
[ -f "$here/undo" ] || exit 0

# Whoever changed the value meanwhile knows why.
sysctl_back() {
    path=/proc/sys/net/ipv4/conf/$1/$2
    [ "$(cat "$path" 2>/dev/null)" != "$4" ] || printf '%s\n' "$3" >"$path"
}

table_away() { nft list table "$1" "$2" >/dev/null 2>&1 || return 0; nft delete table "$1" "$2"; }

chain_away() {
    tool=$1 chain=$2
    "$tool" -w 5 -t mangle -S "$chain" >/dev/null 2>&1 || return 0
    # The jumps, as the kernel words them.
    "$tool" -w 5 -t mangle -S PREROUTING | sed -n "s/^-A \(PREROUTING .*-j $chain\)\$/\1/p" | while read -r rule; do
        # shellcheck disable=SC2086
        "$tool" -w 5 -t mangle -D $rule || exit 1
    done && "$tool" -w 5 -t mangle -F "$chain" && "$tool" -w 5 -t mangle -X "$chain"
}

address_away() {
    [ -n "$(ip -o addr show dev lo to "$1" 2>/dev/null)" ] || return 0
    ip addr del "$1" dev lo
}

# "Key not found." is as good. A proxy that does not run has forgotten it.
map_away() {
    [ -S "$1" ] || return 0
    if command -v socat >/dev/null; then
        printf 'del map %s %s\n' "$2" "$3" | timeout 2 socat - "UNIX-CONNECT:$1" >/dev/null 2>&1
    elif command -v perl >/dev/null; then
        timeout 2 perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new($ARGV[0]) or exit; print $s "del map $ARGV[1] $ARGV[2]\n"; $s->flush; 1 while <$s>' "$1" "$2" "$3"
    elif command -v python3 >/dev/null; then
        timeout 2 python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(("del map %s %s\n" % (sys.argv[2], sys.argv[3])).encode()); s.recv(4096)' "$1" "$2" "$3" 2>/dev/null
    fi
    return 0
}

left=0
while read -r what a b c d; do
    case $what in
        table) table_away "$a" "$b" ;;
        chain) chain_away "$a" "$b" ;;
        address) address_away "$a" ;;
        sysctl) sysctl_back "$a" "$b" "$c" "$d" ;;
        map) map_away "$a" "$b" "$c" ;;
    esac || left=1
done <"$here/undo"
[ "$left" = 0 ] || exit 1
rm -rf "$here"
rmdir "$(dirname "$here")" 2>/dev/null
exit 0
