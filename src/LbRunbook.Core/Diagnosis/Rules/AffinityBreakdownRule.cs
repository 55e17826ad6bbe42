using LbRunbook.Core.Diagnosis.Patterns;
using LbRunbook.Core.History;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>The playbook's session affinity breakdown: it was measured well again and again, and now it is not, more than once.</summary>
internal static class AffinityBreakdownRule
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(2);

    /// <summary>The median of the looks before, and how many of them there must be.</summary>
    private const double Well = 0.95;
    private const int LooksBefore = 3;

    /// <summary>This one and the one before it: a single bad measurement is none.</summary>
    private const double Bad = 0.8;
    private const int LooksBad = 2;

    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Now.Pools.Where(p => p.Affinity is not null).Select(p => Of(situation, p.Name)).OfType<Finding>();

    private static Finding? Of(Situation situation, string pool)
    {
        var shares = Shares(situation.Looks(Window), pool);
        var bad = shares.AsEnumerable().Reverse().TakeWhile(s => s.Value < Bad).Count();
        var before = shares.Take(shares.Count - bad).ToList();
        if (bad < LooksBad || before.Count < LooksBefore || Median.Of(before.TakeLast(10).Select(s => s.Value)) < Well)
            return null;
        var steps = shares.TakeLast(bad).ToList();
        return new(DiagnosisCode.AffinityBreakdown, Severity.Critical, pool,
            $"clients of pool {pool} came back to their backend in {100 * Median.Of(before.TakeLast(10).Select(s => s.Value)):0} % of "
                + $"requests until {Spoken.Time(before[^1].At)}, "
            + $"since {Spoken.Time(steps[0].At)} in {string.Join(", ", Thinned(steps).Select(s => $"{100 * s.Value:0} %"))} ({bad} looks)",
            "lbctl assess --explain AffinityBroken");
    }

    private static List<Point> Shares(IReadOnlyList<PastLook> looks, string pool) =>
        [.. from look in looks
            let seen = look.Pools.FirstOrDefault(p => p.Name == pool)?.Affinity
            where seen is { Returns: > 0 }
            select new Point(look.At, (double)seen.Kept / seen.Returns)];

    /// <summary>The first, the last and one between them are enough to read.</summary>
    private static List<Point> Thinned(List<Point> steps) => steps.Count <= 3 ? steps : [steps[0], steps[steps.Count / 2], steps[^1]];
}

/// <summary>How findings say a time: the same on every machine that reads them.</summary>
internal static class Spoken
{
    public static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " UTC";

    public static string Span(TimeSpan span) => span.TotalMinutes < 2 ? $"{span.TotalSeconds:0} s" : $"{span.TotalMinutes:0} min";
}
