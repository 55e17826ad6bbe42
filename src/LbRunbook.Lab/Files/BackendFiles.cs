namespace LbRunbook.Lab.Files;

/// <summary>A backend: nginx under a unit of its own, so that it is restarted like any application.</summary>
internal static class BackendFiles
{
    public const string Unit = "lab-backend";
    private const long SlowSize = 2 * 1024 * 1024;

    // In /usr/lib: a unit in /etc could not be masked at runtime.
    private const string Service = """
        [Unit]
        Description=The lab's application
        After=network.target

        [Service]
        # Like most applications it needs to write something before it serves: on a full disk it does not come up.
        ExecStartPre=/bin/sh -c 'cp /etc/lab/backend.conf /var/lib/lab/next && mv /var/lib/lab/next /var/lib/lab/running.conf'
        ExecStart=/usr/sbin/nginx -c /etc/lab/backend.conf -g "daemon off;"
        ExecReload=/bin/kill -HUP $MAINPID
        Restart=always
        KillMode=mixed
        TimeoutStopSec=5

        [Install]
        WantedBy=multi-user.target

        """;

    public static void Write(HostTree tree, LabHost host, bool enable)
    {
        tree.Empty("/etc/lab");
        tree.Write("/etc/lab/backend.conf", Config(host.Name));
        tree.Write($"/usr/lib/systemd/system/{Unit}.service", Service);
        // Not the unit's RuntimeDirectory: a restart would take deep-fail away.
        tree.Write("/usr/lib/tmpfiles.d/lab.conf", "d /run/lab 0755 root root -\n");
        tree.CreateFile("/var/lib/lab/slow", SlowSize);
        if (enable)
            CommonFiles.Enable(tree, Unit);
    }

    private static string Config(string name) => $$"""
        user www-data;
        worker_processes 1;
        pid /run/lab-backend.pid;
        error_log stderr notice;
        events { worker_connections 2048; }
        http {
            access_log off;
            default_type text/plain;
            keepalive_timeout 60s;
            keepalive_requests 100000;
            server {
                listen 8080;
                listen [::]:8080 ipv6only=on;
                add_header X-Backend {{name}} always;
                location = /health { return 200 "OK\n"; }
                location = /health/deep {
                    if (-f /run/lab/deep-fail) { return 503 "deep check failed\n"; }
                    return 200 "OK\n";
                }
                location = /whoami { return 200 "{{name}}\n"; }
                location = /slow {
                    root /var/lib/lab;
                    limit_rate 420k;
                }
                location = /slower {
                    alias /var/lib/lab/slow;
                    limit_rate 200k;
                }
                location / { return 200 "Hello from {{name}}\n"; }
            }
        }

        """;
}
