namespace LbRunbook.Core.Model;

/// <summary>HAProxy backend, nginx upstream, target group.</summary>
public sealed record Pool
{
    public required string Name { get; init; }

    /// <summary>The name in the proxy's configuration, when it differs from <see cref="Name"/>.</summary>
    public string? ProxyName { get; init; }
    public required IReadOnlyList<Backend> Backends { get; init; }

    /// <summary>Shallow check: is the process there. Null = TCP to the backend's port.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Deep check: can it do its work (database, dependencies).</summary>
    public HealthCheck? DeepHealth { get; init; }

    public string NameInProxy => ProxyName ?? Name;
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
}
