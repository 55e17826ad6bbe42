namespace LbRunbook.Core.Model;

/// <summary>What lbctl logs in to: a load balancer, a witness, a backend's host.</summary>
public record Machine
{
    public required string Name { get; init; }

    /// <summary>Address or DNS name that SSH and the direct checks use.</summary>
    public required string Host { get; init; }
    public SshOptions Ssh { get; init; } = new();
}

/// <summary>A machine with the one service that matters on it: a proxy, a backend's application.</summary>
public record ServiceHost : Machine
{
    public ServiceOptions Service { get; init; } = new();

    /// <summary>As systemd calls it: configured, else named like what it runs.</summary>
    public virtual string ServiceName => Service.Name ?? Name;
}
