using LbRunbook.Core.Diagnosis.Patterns;
using LbRunbook.Core.History;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>
/// The playbook's gradual degradation: a backend that still passes its checks gets slower, or fails more requests, look by look.
/// </summary>
internal static class GradualDegradationRule
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private const double Factor = 2;

    /// <summary>Of the limit for BackendSlow: from 2 ms to 5 ms nobody suffers.</summary>
    private const double RiseOfSlow = 0.05;

    /// <summary>Share of requests; with fewer sessions between two looks a single error would be a percentage.</summary>
    private const double RiseOfErrors = 0.02;
    private const long EnoughSessions = 50;

    public static IEnumerable<Finding> Apply(Situation situation)
    {
        var looks = situation.Looks(Window);
        return
            from pool in situation.Now.Pools
            from backend in pool.Backends
            where backend is { Up: true, Isolated: false }
            let finding = Slower(situation, looks, pool.Name, backend.Name) ?? Failing(situation, looks, pool.Name, backend.Name)
            where finding is not null
            select finding;
    }

    private static Finding? Slower(Situation situation, IReadOnlyList<PastLook> looks, string pool, string backend)
    {
        List<Point> points = [.. from look in looks
                                 let seen = Counters.Find(look, pool, backend)
                                 where seen is { Up: true, Ms: not null }
                                 select new Point(look.At, seen.Ms!.Value)];
        return RisingTrend.Of(points, Factor, RiseOfSlow * situation.Fleet.Thresholds.Slow.TotalMilliseconds) is { } trend
            ? Of(situation, pool, backend, trend, points[^1].At,
                $"{backend} gets slower and slower: its checks took {trend.From:0} ms and take {trend.To:0} ms now, "
                    + $"{trend.PerMinute:0.#} ms more each minute")
            : null;
    }

    private static Finding? Failing(Situation situation, IReadOnlyList<PastLook> looks, string pool, string backend)
    {
        var points = new List<Point>();
        PastLook? from = null;
        foreach (var look in looks)
        {
            from ??= look;
            if (Counters.Between(from, look, pool, backend) is not { } counted)
                from = look;
            else if (counted.Sessions >= EnoughSessions)
            {
                points.Add(new(look.At, Math.Min(1, (double)counted.Errors / counted.Sessions)));
                from = look;
            }
        }
        return RisingTrend.Of(points, Factor, RiseOfErrors) is { } trend
            ? Of(situation, pool, backend, trend, points[^1].At,
                $"{backend} fails more and more requests: {100 * trend.From:0.#} % of them failed, {100 * trend.To:0.#} % do now")
            : null;
    }

    private static Finding Of(Situation situation, string pool, string backend, RisingTrend trend, DateTimeOffset now, string what)
    {
        var configured = situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool)?.Backends.FirstOrDefault(b => b.Name == backend);
        return new(DiagnosisCode.GradualDegradation, Severity.Warning, $"{pool}/{backend}",
            $"{what} (over {Spoken.Span(now - trend.Since)}, {trend.Looks} looks, since {Spoken.Time(trend.Since)})",
            Next(backend, configured));
    }

    private static string Next(string backend, Backend? configured) =>
        configured?.Ssh is { } ssh ? SshText.To(configured.Host, ssh, "uptime") : $"lbctl drain {backend} --dry-run";
}
