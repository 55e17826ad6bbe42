namespace LbRunbook.Core.Observations;

/// <summary>What makes clients come back to the same backend of a pool, as one proxy has it configured.</summary>
/// <param name="Pool">The proxy's name for it.</param>
/// <param name="By">"cookie SRV", "stick on src", "balance source", "ip_hash"; empty = nothing does.</param>
public sealed record PoolStickiness(string Pool, IReadOnlyList<string> By)
{
    /// <summary>Why a client whose backend is dead is not given another one; null = it is, as far as the configuration tells.</summary>
    public string? DeadEnd { get; init; }

    /// <summary>The dead end is one only until a health check has noticed.</summary>
    public bool UntilNoticed { get; init; }
}

/// <summary>Where the clients of a small measurement came out. Only of pools that configure <see cref="Model.Affinity"/>.</summary>
public sealed record AffinityObservation
{
    public required string Pool { get; init; }
    public required string Vip { get; init; }

    /// <summary>"cookie SRV", "client address".</summary>
    public required string Means { get; init; }
    public IReadOnlyList<AffinityClient> Clients { get; init; } = [];

    /// <summary>Why nothing, or not all, could be measured; null = nothing to say.</summary>
    public string? Problem { get; init; }
}

/// <param name="Home">The backend that its first answer came from.</param>
/// <param name="Returns">The backends that it came to afterwards, each time over a new connection.</param>
/// <param name="OnNodes">Node name → the backend it comes to when it asks that node's own address, as it would after a failover.</param>
public sealed record AffinityClient(string Home, IReadOnlyList<string> Returns, IReadOnlyDictionary<string, string> OnNodes);
