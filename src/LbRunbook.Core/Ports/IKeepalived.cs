using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>keepalived on a node. It owns its addresses: they are moved by its own election and never with <c>ip addr</c>.</summary>
public interface IKeepalived
{
    /// <summary>Null = neither a process nor a configuration is there.</summary>
    Task<KeepalivedState?> ReadAsync(Node node, CancellationToken cancellation);

    /// <summary>
    /// Changes the configuration and reloads it, or leaves everything as it was: tested before, proven to be loaded afterwards. Idempotent.
    /// </summary>
    Task SetAsync(Node node, IReadOnlyList<VrrpSetting> settings, CancellationToken cancellation);

    /// <summary>Writes the number of a tracked file; keepalived notices by itself.</summary>
    Task SetTrackFileAsync(Node node, string path, int value, CancellationToken cancellation);

    Task StartAsync(Node node, CancellationToken cancellation);

    /// <param name="kill">
    /// For a frozen process: a polite stop would continue it first, and it would take its addresses back for a moment.
    /// </param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task StopAsync(Node node, bool kill, CancellationToken cancellation);
}

/// <summary>How one VRRP instance shall stand in the configuration.</summary>
/// <param name="Priority">Null = as it was written by whoever wrote it.</param>
/// <param name="Eager"><c>nopreempt</c> and <c>preempt_delay</c> are out of force.</param>
public sealed record VrrpSetting(string Instance, int? Priority, bool Eager)
{
    public bool Matches(VrrpInstance instance) =>
        (Priority ?? instance.OriginalPriority ?? instance.Priority) == instance.Priority
            && Eager == (instance.Eager || (Eager && !instance.NoPreempt && instance.PreemptDelaySeconds == 0));
}
