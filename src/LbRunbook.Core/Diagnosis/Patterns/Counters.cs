using LbRunbook.Core.History;

namespace LbRunbook.Core.Diagnosis.Patterns;

/// <summary>What a backend got between two looks, over all proxies whose process is still the same one.</summary>
internal sealed record Counters(long Sessions, long Errors, TimeSpan Time)
{
    /// <returns>Null when no proxy counts, or each was restarted in between.</returns>
    public static Counters? Between(PastLook earlier, PastLook later, string pool, string backend)
    {
        if (Find(earlier, pool, backend) is not { } before || Find(later, pool, backend) is not { } after || later.At <= earlier.At)
            return null;
        var (sessions, errors, any) = (0L, 0L, false);
        foreach (var now in after.On)
        {
            if (before.On.FirstOrDefault(s => s.Node == now.Node && s.Pid == now.Pid) is not { } then || now.Total < then.Total)
                continue;
            sessions += now.Total - then.Total;
            errors += Math.Max(0, (now.Errors ?? 0) - (then.Errors ?? 0));
            any = true;
        }
        return any ? new(sessions, errors, later.At - earlier.At) : null;
    }

    public static PastBackend? Find(PastLook look, string pool, string backend) =>
        look.Pools.FirstOrDefault(p => p.Name == pool)?.Backends.FirstOrDefault(b => b.Name == backend);
}
