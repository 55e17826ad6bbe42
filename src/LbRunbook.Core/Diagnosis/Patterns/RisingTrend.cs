using LbRunbook.Core.History;

namespace LbRunbook.Core.Diagnosis.Patterns;

/// <summary>One value at one time.</summary>
internal sealed record Point(DateTimeOffset At, double Value);

/// <summary>
/// A value that grows over many looks. Judged by estimators that an outlier does not move: medians over slices of time, the Mann-Kendall
/// test (do later values tend to be larger, by sign alone), and the Theil-Sen slope (the median of all slopes between two points). A single
/// jump is no trend.
/// </summary>
/// <param name="From">Median of the first third.</param>
/// <param name="To">Median of the last third.</param>
/// <param name="PerMinute">Theil-Sen slope.</param>
/// <param name="Since">The first look that counts.</param>
/// <param name="Looks">How many looks it is made of.</param>
internal sealed record RisingTrend(double From, double To, double PerMinute, DateTimeOffset Since, int Looks)
{
    public static readonly TimeSpan ShortestSpan = TimeSpan.FromMinutes(3);
    private const int FewestSlices = 6;
    private const int MostSlices = 30;
    private static readonly TimeSpan ShortestSlice = TimeSpan.FromSeconds(10);

    /// <summary>One in a hundred rows of pure chance gets so far, and it still lacks the rise.</summary>
    private const double MannKendall = 2.3;

    /// <summary>Share of the rise that may come in one piece.</summary>
    private const double LargestStep = 0.7;

    /// <param name="points">Oldest first.</param>
    /// <param name="factor">The last third is at least so many times the first one,</param>
    /// <param name="rise">and larger by at least this.</param>
    public static RisingTrend? Of(IReadOnlyList<Point> points, double factor, double rise)
    {
        if (points.Count < FewestSlices || points[^1].At - points[0].At < ShortestSpan)
            return null;
        var slices = Slices(points);
        if (slices.Count < FewestSlices || Sign(slices) < MannKendall)
            return null;
        var third = slices.Count / 3;
        var (from, to) = (Median.Of(slices.Take(third).Select(p => p.Value)), Median.Of(slices.TakeLast(third).Select(p => p.Value)));
        if (to < factor * from || to - from < rise)
            return null;
        // Back to what it was, or there in one leap: something else than a slow decline.
        if (slices[^1].Value < (from + to) / 2 || Step(slices) > LargestStep * (to - from))
            return null;
        return new(from, to, Slope(slices), points[0].At, points.Count);
    }

    /// <summary>Many looks in a short time count no more than one: their median.</summary>
    private static List<Point> Slices(IReadOnlyList<Point> points)
    {
        var length = (points[^1].At - points[0].At) / MostSlices;
        if (length < ShortestSlice)
            length = ShortestSlice;
        return [.. points
            .GroupBy(p => (long)((p.At - points[0].At) / length))
            .OrderBy(g => g.Key)
            .Select(g => new Point(g.First().At, Median.Of(g.Select(p => p.Value))))];
    }

    private static double Sign(List<Point> slices)
    {
        var n = slices.Count;
        var s = 0;
        for (var i = 0; i < n; i++)
            for (var j = i + 1; j < n; j++)
                s += Math.Sign(slices[j].Value - slices[i].Value);
        // Ties would make the spread smaller: leaving them out errs on the quiet side.
        return (s - Math.Sign(s)) / Math.Sqrt(n * (n - 1.0) * ((2 * n) + 5) / 18);
    }

    private static double Slope(List<Point> slices)
    {
        var slopes = new List<double>();
        for (var i = 0; i < slices.Count; i++)
            for (var j = i + 1; j < slices.Count; j++)
                slopes.Add((slices[j].Value - slices[i].Value) / (slices[j].At - slices[i].At).TotalMinutes);
        return Median.Of(slopes);
    }

    /// <summary>The largest rise from one slice to the next, after a running median of three has taken single outliers away.</summary>
    private static double Step(List<Point> slices)
    {
        List<double> smooth = [.. Enumerable.Range(1, slices.Count - 2)
            .Select(i => Median.Of(slices.GetRange(i - 1, 3).Select(p => p.Value)))];
        return smooth.Zip(smooth.Skip(1), (a, b) => b - a).Max();
    }
}
