using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

public interface IFleetObserver
{
    /// <summary>
    /// Looks at everything in <paramref name="scope"/> in parallel. Always returns within the budget (plus scheduling):
    /// what did not answer by then is in the observation as such.
    /// </summary>
    Task<Observation> ObserveAsync(Fleet fleet, ObservationScope scope, CancellationToken cancellation);
}

public sealed record ObservationScope
{
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Null = all nodes.</summary>
    public IReadOnlyList<string>? Nodes { get; init; }

    /// <summary>
    /// Backends, resources, certificates, drift. Off for a failover, which needs an answer in a few hundred milliseconds.
    /// </summary>
    public bool Full { get; init; } = true;

    /// <summary>
    /// Do not wait the SSH connect timeout for a node that shows no sign of life: neither TCP on its SSH port
    /// nor ARP from any vantage point within this time. Null = wait.
    /// </summary>
    public TimeSpan? GiveUpOnSilence { get; init; }
}
