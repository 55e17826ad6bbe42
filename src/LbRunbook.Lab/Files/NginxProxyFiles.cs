namespace LbRunbook.Lab.Files;

/// <summary>
/// An nginx node set up the way lbctl recommends it (config/nginx/lbctl-recommended.conf says why): the same service as the HAProxy node
/// gives.
/// </summary>
internal static class NginxProxyFiles
{
    public static void Write(HostTree tree, LabState lab, LabHost host)
    {
        tree.Empty("/etc/nginx");
        tree.Write("/etc/nginx/nginx.conf", Config(lab, host.Name));
        CommonFiles.Enable(tree, "nginx");
    }

    public static string Config(LabState lab, string host) => $$"""
        user www-data;
        worker_processes 1;
        pid /run/nginx.pid;
        error_log /var/log/nginx/error.log notice;
        events { worker_connections 2048; }
        http {
            access_log off;
            keepalive_timeout 30s;
            upstream web {
                zone web 256k;
        {{string.Concat(lab.Backends.Select(b => $"        server {lab.Addresses.V4(b.Number)}:8080 weight=100 max_fails=3 fail_timeout=2s;\n"))}}
                keepalive 32;
            }
            server {
                listen 80;
                listen [::]:80 ipv6only=on;
                add_header X-Served-By {{host}} always;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_connect_timeout 2s;
                proxy_read_timeout 30s;
                proxy_next_upstream error timeout;
                location / {
                    if (-f /run/nginx.closing) {
                        return 418;
                    }
                    error_page 418 = @closing;
                    proxy_pass http://web;
                }
                location @closing {
                    keepalive_timeout 0;
                    proxy_pass http://web;
                }
            }
            server {
                listen 127.0.0.1:8081;
                location = /nginx_status { stub_status; }
            }
        }

        """;
}
