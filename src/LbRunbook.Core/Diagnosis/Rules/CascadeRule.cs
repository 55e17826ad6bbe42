using LbRunbook.Core.Diagnosis.Patterns;
using LbRunbook.Core.History;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>
/// The playbook's cascading failure: one backend after the other goes down, and those that are left carry what the others did. Two that
/// went in the same look have a common cause and are no cascade; without measured load it takes three.
/// </summary>
internal static class CascadeRule
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(30);
    private const int WithoutLoad = 3;

    /// <summary>What is left carries so many times what each carried before.</summary>
    private const double MoreLoad = 1.25;
    private const double SmallestRate = 1;
    private const double SmallestSessions = 5;

    private sealed record Fall(string Backend, DateTimeOffset LastUp, DateTimeOffset Down);

    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Now.Pools.Select(p => Of(situation, p)).OfType<Finding>();

    private static Finding? Of(Situation situation, PastPool pool)
    {
        var looks = situation.Looks(Window);
        var falls = pool.Backends.Where(b => b is { Up: false, Isolated: false }).Select(b => FallOf(looks, pool.Name, b.Name))
            .OfType<Fall>().OrderBy(f => f.Down).ToList();
        var moments = falls.Select(f => f.Down).Distinct().Count();
        if (moments < 2)
            return null;
        var left = pool.Backends.Where(b => b.Up).Select(b => b.Name).ToList();
        var load = left.Count == 0 ? null : Load(looks, pool.Name, left, falls[0].LastUp);
        if (load is null && moments < WithoutLoad)
            return null;
        var order = string.Join(", then ",
            falls.GroupBy(f => f.Down).Select(g => $"{string.Join(" and ", g.Select(f => f.Backend))} ({Spoken.Time(g.Key)})"));
        var rest = left.Count == 0
            ? "none is left"
            : $"{left.Count} of {pool.Backends.Count} left ({string.Join(", ", left)}){(load is null ? "" : $", each with {load}")}";
        return new(DiagnosisCode.CascadingFailure, Severity.Critical, pool.Name,
            $"backends of pool {pool.Name} go down one after the other: {order}; {rest}", Next(situation, pool.Name, falls[0].Backend));
    }

    /// <summary>When it went down for good; null when it was never seen up in this window.</summary>
    private static Fall? FallOf(IReadOnlyList<PastLook> looks, string pool, string backend)
    {
        DateTimeOffset? down = null;
        foreach (var look in looks.Reverse())
        {
            if (Counters.Find(look, pool, backend) is not { } seen)
                continue;
            if (seen.Up)
                return down is { } at ? new(backend, look.At, at) : null;
            down = look.At;
        }
        return null;
    }

    private static string? Load(IReadOnlyList<PastLook> looks, string pool, List<string> left, DateTimeOffset lastUp)
    {
        List<PastLook> before = [.. looks.Where(l => l.At <= lastUp)];
        var (then, now) = (Rate(before, pool, left), Rate([.. looks.TakeLast(2)], pool, left));
        if (now >= SmallestRate && now >= MoreLoad * then)
            return $"{now:0} sessions/s instead of {then:0}";
        var (held, holds) = (Sessions(before, pool, left), Sessions([.. looks.TakeLast(1)], pool, left));
        return holds >= SmallestSessions && holds >= MoreLoad * held ? $"{holds:0} sessions instead of {held:0}" : null;
    }

    /// <summary>New sessions a second of one backend: the median over neighbouring looks.</summary>
    private static double? Rate(List<PastLook> looks, string pool, List<string> backends)
    {
        List<double> rates = [.. looks.Zip(looks.Skip(1),
            (a, b) => backends.Select(n => Counters.Between(a, b, pool, n)).OfType<Counters>().ToList())
            .Where(c => c.Count > 0).Select(c => c.Average(x => x.Sessions / x.Time.TotalSeconds))];
        return rates.Count == 0 ? null : Median.Of(rates);
    }

    private static double? Sessions(List<PastLook> looks, string pool, List<string> backends)
    {
        List<double> held = [.. looks.Select(l => backends.Select(n => Counters.Find(l, pool, n)).OfType<PastBackend>().ToList())
            .Where(b => b.Count > 0).Select(b => b.Average(x => x.On.Sum(s => s.Current)))];
        return held.Count == 0 ? null : Median.Of(held);
    }

    private static string Next(Situation situation, string pool, string first) =>
        situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool)?.Backends.FirstOrDefault(b => b.Name == first) is { Ssh: not null }
            ? $"lbctl auto-recover {first}"
            : "lbctl assess --watch";
}
