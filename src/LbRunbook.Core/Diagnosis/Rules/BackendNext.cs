using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>The verb that repairs a backend or its pool, where there is one.</summary>
internal static class BackendNext
{
    /// <summary>Null = nobody has said how it is restarted.</summary>
    public static string? Recover(Situation situation, Backend backend) =>
        backend is { Ssh: not null, HasService: true } ? $"lbctl auto-recover {backend.Name}{From(situation, backend)}" : null;

    public static string Restore(Situation situation, Backend backend) =>
        $"lbctl restore-backend {backend.Name}{From(situation, backend)}";

    /// <summary>What brings capacity back at once: who is out and well, who stands by, who can be repaired.</summary>
    /// <returns>The command and who it is about; null = nothing stands ready.</returns>
    public static (string Command, string Ready)? ForPool(Situation situation, PoolObservation seen)
    {
        if (situation.Fleet.Pools.FirstOrDefault(p => p.Name == seen.Pool) is not { } pool)
            return null;
        Backend? Configured(BackendObservation b) => pool.Backends.FirstOrDefault(c => c.Name == b.Backend);
        if (seen.Backends.FirstOrDefault(b => BackendFacts.IsIsolated(b) && Well(b)) is { } rested && Configured(rested) is { } back)
            return (Restore(situation, back), $"{back.Name} is out and passes its checks");
        var idle = pool.Emergency.Where(e =>
            !situation.Nodes.Any(n => n.Seen.Proxy?.Servers.Any(s => s.Is(pool, e)) == true)).Select(e => e.Name).ToList();
        if (idle.Count > 0)
            return ($"lbctl scale-out --pool {pool.Name}", $"{string.Join(", ", idle)} {(idle.Count == 1 ? "stands" : "stand")} by");
        var down = seen.Backends.Where(b => !b.Healthy && !BackendFacts.IsIsolated(b)).Select(Configured).OfType<Backend>()
            .FirstOrDefault(b => Recover(situation, b) is not null);
        return down is null ? null : (Recover(situation, down)!, $"{down.Name} can be restarted");
    }

    /// <summary>The nodes' word before ours: we may stand outside the backends' network.</summary>
    private static bool Well(BackendObservation seen) => seen.Deep is not { Healthy: false }
        && (seen.FromNodes.Count > 0 ? seen.FromNodes.Values.All(c => c.Healthy) : seen.FromHere is { Healthy: true });

    /// <summary>A name that is in several pools is not enough.</summary>
    private static string From(Situation situation, Backend backend) =>
        situation.Fleet.Pools.SelectMany(p => p.Everyone).Count(b => b.Name == backend.Name) > 1 ? $" --from {backend.Pool}" : "";
}
