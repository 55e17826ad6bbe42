namespace LbRunbook.Core.Model;

/// <summary>A load-balancer machine.</summary>
public sealed record Node : ServiceHost
{
    public required ProxyKind Proxy { get; init; }

    /// <summary>Interface that carries virtual IPs, unless the VIP names another.</summary>
    public string Interface { get; init; } = "eth0";

    /// <summary>Higher serves first; orders topology and the choice of a standby.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>What stands before every command for its proxy, because that runs in a container; null = on the machine itself.</summary>
    public IReadOnlyList<string>? Exec { get; init; }
    public HaproxyOptions Haproxy { get; init; } = new();
    public NginxOptions Nginx { get; init; } = new();
    public KeepalivedOptions Keepalived { get; init; } = new();

    /// <summary>How to make sure that it holds no virtual IP when SSH does not reach it; in order, empty = refuse instead.</summary>
    public IReadOnlyList<FenceMethod> Fence { get; init; } = [];

    /// <summary>The service that runs the proxy: configured, else named like the proxy.</summary>
    public override string ServiceName => Service.Name ?? ProxyName;
    public BalancerAbilities Can => BalancerAbilities.Of(Proxy);
    public string ProxyName => Can.Name;
    public string ProxyConfigPath => ProxyConfigPaths[0];
    public IReadOnlyList<string> ProxyConfigPaths => Proxy == ProxyKind.Haproxy ? Haproxy.AllConfig : [Nginx.Config];
}

public sealed record HaproxyOptions
{
    /// <summary>Admin socket on the node (<c>stats socket … level admin</c>).</summary>
    public string Socket { get; init; } = "/run/haproxy/admin.sock";

    /// <summary>Master CLI socket (<c>haproxy -W -S</c>); null where there is none.</summary>
    public string? MasterSocket { get; init; } = "/run/haproxy/master.sock";
    /// <summary>A file or a folder; unless the running process was started with others.</summary>
    public string Config { get; init; } = "/etc/haproxy/haproxy.cfg";

    /// <summary>What is loaded after it, by an <c>-f</c> of its own each.</summary>
    public IReadOnlyList<string> MoreConfig { get; init; } = [];
    public IReadOnlyList<string> AllConfig => [Config, .. MoreConfig];
    public string? StateFile { get; init; } = "/var/lib/haproxy/server-state";

    /// <summary>
    /// The map that the frontend asks whether to let clients go (config/haproxy/lbctl-recommended.cfg); null where there is none.
    /// </summary>
    public string? CloseMap { get; init; } = "/etc/haproxy/lbctl.map";
    public string Binary { get; init; } = "haproxy";
}

public sealed record NginxOptions
{
    public string Config { get; init; } = "/etc/nginx/nginx.conf";
    public string Binary { get; init; } = "nginx";

    /// <summary>stub_status, asked on the node itself.</summary>
    public Uri Status { get; init; } = new("http://127.0.0.1:8081/nginx_status");
    public string PidFile { get; init; } = "/run/nginx.pid";

    /// <summary>The file whose existence makes it let clients go (config/nginx/lbctl-recommended.conf); null where there is none.</summary>
    public string? CloseFile { get; init; } = "/run/nginx.closing";
}

public sealed record KeepalivedOptions
{
    /// <summary>Unless the running process was started with another one.</summary>
    public string Config { get; init; } = "/etc/keepalived/keepalived.conf";
    public string Service { get; init; } = "keepalived";
}

/// <summary>How a service is looked at and changed: systemd by name, or any command instead (each an argument list).</summary>
public sealed record ServiceOptions
{
    public string? Name { get; init; }
    public IReadOnlyList<string>? Start { get; init; }
    public IReadOnlyList<string>? Stop { get; init; }
    public IReadOnlyList<string>? Reload { get; init; }
    public IReadOnlyList<string>? Restart { get; init; }

    /// <summary>Exit 0 means running. When set, systemd is not asked at all.</summary>
    public IReadOnlyList<string>? Status { get; init; }
    public bool UsesSystemd => Status is null && Start is null && Stop is null;
}

/// <summary>A host that is asked what it sees (ARP, HTTP through the VIP); it is never changed.</summary>
public sealed record Witness : Machine
{
    public string Interface { get; init; } = "eth0";
}
