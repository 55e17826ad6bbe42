namespace LbRunbook.Core.Model;

/// <summary>HAProxy backend, nginx upstream, target group.</summary>
public sealed record Pool
{
    public required string Name { get; init; }

    /// <summary>The name in the proxy's configuration, when it differs from <see cref="Name"/>.</summary>
    public string? ProxyName { get; init; }
    public required IReadOnlyList<Backend> Backends { get; init; }

    /// <summary>
    /// Standing by, in the order in which they are taken: <c>scale-out</c> adds them, <c>scale-in</c> takes them out again.
    /// </summary>
    public IReadOnlyList<Backend> Emergency { get; init; } = [];

    /// <summary>Shallow check: is the process there. Null = TCP to the backend's port.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Deep check: can it do its work (database, dependencies).</summary>
    public HealthCheck? DeepHealth { get; init; }

    /// <summary>Null = nobody said that clients are to come back to their backend: then nothing is sent and nothing is claimed.</summary>
    public Affinity? Affinity { get; init; }

    public string NameInProxy => ProxyName ?? Name;
    public IEnumerable<Backend> Everyone => Backends.Concat(Emergency);
}

/// <summary>One server of a pool.</summary>
public sealed record Backend
{
    public required string Name { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public string Pool { get; init; } = "";

    /// <summary>Null = no SSH to backends; then nothing is asked of their hosts.</summary>
    public SshOptions? Ssh { get; init; }
    public ServiceOptions Service { get; init; } = new();

    /// <summary>Of an emergency backend, at full load; null = as the others of the pool have.</summary>
    public int? Weight { get; init; }

    /// <summary>Of an emergency backend: what HAProxy's server line needs beyond address, check and weight ("ssl verify none").</summary>
    public string ServerOptions { get; init; } = "";

    /// <summary>Something has to be started for it; else it always runs.</summary>
    public bool HasService => Service.Name is not null || Service.Start is not null;

    /// <summary>Its machine, for everything that is asked of services.</summary>
    public ServiceHost Machine => new() { Name = Name, Host = Host, Ssh = Ssh ?? new(), Service = Service };

    /// <summary>As proxies write it.</summary>
    public string Address => $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
