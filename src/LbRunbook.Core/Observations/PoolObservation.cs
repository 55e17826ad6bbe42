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

    /// <summary>
    /// Serving: a failing deep check says no; a proxy that checks it and has it in rotation says yes. One that has it in rotation
    /// unchecked (open-source nginx) knows nothing: then the nodes' checks decide, else ours.
    /// </summary>
    public bool Healthy
    {
        get
        {
            var inRotation = OnProxies.Values.Where(s => s.InRotation).ToList();
            if (Deep is { Healthy: false } || (OnProxies.Count > 0 && inRotation.Count == 0))
                return false;
            if (inRotation.Any(s => s.Health != ServerHealth.NoCheck))
                return true;
            return FromNodes.Count > 0 ? FromNodes.Values.Any(c => c.Healthy) : FromHere?.Healthy ?? inRotation.Count > 0;
        }
    }
}
