namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// One trip to the node for everything. Sections begin with a marker line; the configuration may hold anything,
/// so it comes last but one and its end is looked for from the back.
/// </summary>
internal static class NginxScript
{
    public const string Marker = "==lbctl== ";

    /// <summary>
    /// $1 status URL, $2 its host, $3 port, $4 path, $5 pid of the master or empty, $6 seconds for the status page, $7 sudo or empty,
    /// $8 close file or empty, then the command that prints the configuration.
    /// </summary>
    public const string Text = """
        PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
        LC_ALL=C; export LC_ALL
        unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY
        section() { printf '\n==lbctl== %s\n' "$1"; }
        have() { command -v "$1" >/dev/null 2>&1; }
        limited() { if have timeout; then timeout "$@"; else shift; "$@"; fi; }

        section status
        if have curl; then
            curl -q -g -k -fsS --max-time "$6" --url "$1" 2>&1 || section status-failed
        elif have wget; then
            limited "$6" wget -q -O - "$1" 2>&1 || { echo "wget got no answer"; section status-failed; }
        elif have bash; then
            limited "$6" bash -c 'exec 3<>"/dev/tcp/$1/$2" && printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$1" >&3 && cat <&3' sh "$2" "$3" "$4" 2>&1 || section status-failed
        elif have perl; then
            limited "$6" perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => $ARGV[1]) or die "connect: $!\n"; print $s "GET $ARGV[2] HTTP/1.0\r\nHost: $ARGV[0]\r\n\r\n"; print while <$s>' "$2" "$3" "$4" 2>&1 || section status-failed
        else
            echo "neither curl, wget, bash nor perl is on the node"; section status-failed
        fi

        # Without a process for each: a node with many workers is asked often.
        show() { title=; read -r title 2>/dev/null <"/proc/$1/cmdline"; echo "$1 $title"; }
        section processes
        master=$5
        if [ -n "$master" ]; then
            show "$master"
            children=
            read -r children 2>/dev/null <"/proc/$master/task/$master/children"
            [ -n "$children" ] || ! have pgrep || children=$(pgrep -P "$master")
            for child in $children; do show "$child"; done
            section uptime
            # The twentieth after the name is when it began, in hundredths of a second on every Linux that nginx runs on.
            if read -r stat 2>/dev/null <"/proc/$master/stat" && read -r up _ </proc/uptime; then
                began() { shift 19; echo $((${up%.*} - $1 / 100)); }
                began ${stat##*) }
            fi
        fi

        if [ -n "$8" ] && written=$(stat -c %Y "$8" 2>/dev/null); then
            section closing
            echo $(($(date +%s) - written))
        fi

        # Connections that were opened from here: their local port is not one that listens.
        section connections
        have ss || echo unknown
        { ss -Htnl; echo; ss -Htn state established; } 2>/dev/null | awk '
            NF == 0 { second = 1; next }
            !second { port = $4; sub(/.*:/, "", port); listens[port] = 1; next }
            { port = $3; sub(/.*:/, "", port); if (!(port in listens)) count[$4]++ }
            END { for (peer in count) print count[peer], peer }'

        # A dead resolver would keep nginx -T for minutes: it looks every upstream name up. The configuration may include keys and
        # files that only root reads.
        section configuration
        sudo=$7
        shift 8
        { said=$(limited 5 ${sudo:+sudo -n} "$@" 2>&1 1>&3 </dev/null); } 3>&1
        code=$?
        section "configuration-end $code"
        printf '%s\n' "$said"
        """;
}
