namespace LbRunbook.Lab.Files;

/// <summary>The cluster configuration that lets every verb work on the lab like on any fleet.</summary>
internal static class LabConfig
{
    public static string Yaml(LabState lab)
    {
        var a = lab.Addresses;
        var proxies = lab.Proxies.Select((h, i) =>
            $"  - {{name: {h.Name}, host: {a.V4(h.Number)}, proxy: {lab.Proxy}, interface: eth0, priority: {150 - (10 * i)}}}\n");
        var backends = lab.Backends.Select(h =>
            $"      - {{name: {h.Name}, host: {a.V4(h.Number)}, port: 8080, ssh: {{user: root}}, service: {{name: "
                + $"{BackendFiles.Unit}}}}}\n");
        var spares = lab.Spares
            .Select(h => $"      - {{name: {h.Name}, host: {a.V4(h.Number)}, port: 8080, ssh: {{user: root}}, service: {{name: "
                + $"{BackendFiles.Unit}}}}}\n").ToList();
        var emergency = spares.Count == 0 ? "" : $"    emergency:\n{string.Concat(spares)}";
        var witnesses = lab.Hosts.Where(h => h.Role == LabRole.Client)
            .Select(h => $"  - {{name: {h.Name}, host: {a.V4(h.Number)}, interface: eth0}}\n");
        return $$"""
            # Made by `lbctl lab up`; gone with `lbctl lab down`.
            cluster: {{lab.Name}}
            environment: lab
            ssh:
              user: root
              identity: {{lab.Paths.Key}}
              knownHosts: {{lab.Paths.KnownHosts}}
              connectTimeout: 2s
            nodes:
            {{string.Concat(proxies)}}vips:
              - {name: public, address: {{a.VipV4}}/32, interface: eth0, check: {type: http, port: 80, path: /health, status: 200, body: OK, timeout: 2s} }
              - {name: public6, address: "{{a.VipV6}}/128", interface: eth0, check: {type: http, port: 80, path: /health, status: 200, body: OK, timeout: 2s} }
            pools:
              - name: web
                health: {type: http, method: GET, path: /health, status: 200, body: OK}
                deepHealth: {type: http, path: /health/deep, status: 200}
                backends:
            {{string.Concat(backends)}}{{emergency}}witnesses:
            {{string.Concat(witnesses)}}
            # The hosts of a lab share this machine: what they call their CPU is everybody's.
            thresholds: {cpu: 100%, memory: 100%}
            """;
    }
}
