namespace LbRunbook.Lab.Files;

/// <summary>A HAProxy node set up the way lbctl recommends it (config/haproxy/lbctl-recommended.cfg says why, line by line).</summary>
internal static class HaproxyFiles
{
    public static void Write(HostTree tree, LabState lab, LabHost host)
    {
        tree.Empty("/etc/haproxy");
        tree.Write("/etc/haproxy/haproxy.cfg", Config(lab, host.Name));
        tree.Write("/etc/haproxy/lbctl.map", "");
        tree.Write("/etc/default/haproxy", "EXTRAOPTS=\"-S /run/haproxy/master.sock,mode,660\"\n");
        // A missing file is a warning at every start; an empty list of servers is not.
        tree.Write("/var/lib/haproxy/server-state", "1\n");
        CommonFiles.Enable(tree, "haproxy");
    }

    public static string Config(LabState lab, string host) => $$"""
        global
            user haproxy
            group haproxy
            log /dev/log local0
            stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
            stats timeout 30s
            server-state-file /var/lib/haproxy/server-state
            hard-stop-after 5m
            maxconn 4000

        defaults
            mode http
            log global
            option httplog
            option dontlognull
            option redispatch
            retries 3
            timeout connect 2s
            timeout check 2s
            timeout queue 5s
            timeout client 30s
            timeout server 30s
            timeout http-request 10s
            timeout http-keep-alive 30s
            load-server-state-from-file global

        frontend public
            bind 0.0.0.0:80
            bind :::80 v6only
            http-after-response set-header X-Served-By {{host}}
            http-after-response set-header Connection close if { str(drain),map_str(/etc/haproxy/lbctl.map) -m found }
            default_backend web

        backend web
            balance roundrobin
            option httpchk
            http-check send meth GET uri /health ver HTTP/1.1 hdr Host lab.example.com
            http-check expect status 200
        {{string.Concat(lab.Backends.Select(b => $"    server {b.Name} {lab.Addresses.V4(b.Number)}:8080 weight 100 check inter 1s fall 3 rise 2\n"))}}
        """;
}
