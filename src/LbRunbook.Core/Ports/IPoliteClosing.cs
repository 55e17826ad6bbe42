namespace LbRunbook.Core.Ports;

/// <summary>Asks a proxy's clients to open their next connection anew, before the old one ends under their hands.</summary>
public interface IPoliteClosing
{
    Task<PoliteClosing> ReadAsync(CancellationToken cancellation);

    /// <summary>HAProxy's close map: every response says "Connection: close", or no longer.</summary>
    Task SetAsync(bool closing, CancellationToken cancellation);

    /// <summary>HAProxy without a close map: whether its workers can be renewed instead. On nginx they always can.</summary>
    Task<WorkerRenewal> LookAtRenewalAsync(CancellationToken cancellation);

    /// <summary>
    /// New workers; the old ones end every connection after its current response. On nginx, where the configuration has the lines for
    /// it, clients are asked before to open their next connection anew.
    /// </summary>
    Task RenewWorkersAsync(CancellationToken cancellation);
}

/// <param name="WhyNot">Null = they can be renewed.</param>
/// <param name="Keeps">The state of the servers can be written down first, so that it lasts.</param>
/// <param name="Spread">As configured: idle connections are closed over this time, not all at once. Null = at once.</param>
public sealed record WorkerRenewal(string? WhyNot, bool Keeps, string? Spread);

/// <param name="HasMap">The running HAProxy reads the close map.</param>
/// <param name="Closing">It is switched on.</param>
public sealed record PoliteClosing(bool HasMap, bool Closing);
