namespace LbRunbook.Core.Observations;

public sealed record PoolObservation
{
    public required string Pool { get; init; }
    public required IReadOnlyList<BackendObservation> Backends { get; init; }

    /// <summary>Healthy share of the configured backends, 0–1.</summary>
    public double HealthRatio => Backends.Count == 0 ? 0 : (double)Backends.Count(b => b.Healthy) / Backends.Count;
}

public sealed record BackendObservation
{
    public required string Backend { get; init; }

    /// <summary>Shallow check from here.</summary>
    public CheckResult? FromHere { get; init; }
    public CheckResult? Deep { get; init; }

    /// <summary>Node name → TCP/HTTP check made on that node.</summary>
    public IReadOnlyDictionary<string, CheckResult> FromNodes { get; init; } = new Dictionary<string, CheckResult>();

    /// <summary>Node name → the proxy's own view.</summary>
    public IReadOnlyDictionary<string, ServerState> OnProxies { get; init; } = new Dictionary<string, ServerState>();

    /// <summary>Serving, by the view that matters most: the proxies', else the nodes', else ours; a failing deep check overrides.</summary>
    public bool Healthy => Deep is not { Healthy: false } &&
        (OnProxies.Count > 0 ? OnProxies.Values.Any(s => s.InRotation)
        : FromNodes.Count > 0 ? FromNodes.Values.Any(c => c.Healthy)
        : FromHere is { Healthy: true });
}
