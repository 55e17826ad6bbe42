using System.Globalization;
using LbRunbook.Core.Text;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// In which steps the load of one server moves in one proxy, and how long each lasts: as many as were asked for, unless the proxy takes
/// fewer or each one costs so much time that the limit would not hold.
/// </summary>
/// <param name="Weights">Between nothing and the full weight; empty = all at once.</param>
/// <param name="Pause">Between two of them, without the time that the change itself takes.</param>
/// <param name="Why">What the operator is told when there are fewer than were asked for; null = nothing.</param>
internal sealed record LoadSteps(IReadOnlyList<int> Weights, TimeSpan Pause, string? Why)
{
    /// <summary>Percent of the configured weight on the way back; the last one is all of it.</summary>
    private static readonly int[][] s_up = [[], [50], [25, 50], [25, 50, 75], [10, 25, 50, 75]];

    /// <summary>Half of the time for the weights, the rest for those who are still there.</summary>
    public static LoadSteps Down(BackendOnNode node, int steps, TimeSpan limit)
    {
        // A server that serves nobody has nothing to lose.
        if (node.Server is not { InRotation: true } server || steps <= 1)
            return new([], TimeSpan.Zero, null);
        if (AtOnce(node, server.Weight) is { } why)
            return new([], TimeSpan.Zero, why);
        var time = limit / 2;
        var count = Math.Min(steps - 1, Affordable(node, time));
        // Without the full weight and without zero.
        List<int> weights = [.. Enumerable.Range(1, count).Select(i => server.Weight * (count + 1 - i) / (count + 1))
            .Where(w => w > 0 && w < server.Weight).Distinct()];
        return new(weights, Between(node, time, weights.Count), Fewer(node, count, steps - 1, limit));
    }

    public static LoadSteps Up(BackendOnNode node, TimeSpan ramp)
    {
        var full = node.Server is { InitialWeight: > 0 } server ? server.InitialWeight : 1;
        if (ramp <= TimeSpan.Zero)
            return new([], TimeSpan.Zero, null);
        if (AtOnce(node, full) is { } why)
            return new([], TimeSpan.Zero, why);
        var wanted = s_up[^1].Length;
        var count = Math.Min(wanted, Affordable(node, ramp));
        List<int> weights = [.. s_up[count].Select(p => Math.Max(1, full * p / 100)).Where(w => w < full).Distinct()];
        return new(weights, Between(node, ramp, weights.Count), Fewer(node, count, wanted, ramp));
    }

    /// <summary>A change that lasts longer than what it is made for is none.</summary>
    private static int Affordable(BackendOnNode node, TimeSpan time) => node.Node.Can.ChangeTakes is var takes && takes > TimeSpan.Zero
        ? (int)Math.Clamp(time / (2 * takes), 0, 100)
        : 100;

    private static TimeSpan Between(BackendOnNode node, TimeSpan time, int count)
    {
        var pause = count == 0 ? TimeSpan.Zero : (time / count) - node.Node.Can.ChangeTakes;
        return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
    }

    /// <summary>A weight of 1, HAProxy's and nginx's default, has no steps either.</summary>
    private static string? AtOnce(BackendOnNode node, int weight) =>
        !node.TakesSteps
            ? $"{node.Pool.NameInProxy} on {node.Node.Name} spreads by {node.Balancing!.Algorithm}, which takes 0 % and 100 % of a weight "
                + $"and nothing between: the load of {node.Name} moves in one step"
        : weight == 1
            ? $"{node.Name} on {node.Node.Name} has weight 1, which cannot be changed in steps: its load moves all at once (weight 100 "
                + $"for the servers of {node.Pool.NameInProxy} would allow it)"
        : null;

    private static string? Fewer(BackendOnNode node, int count, int wanted, TimeSpan limit) => count >= wanted ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"each change on {node.Node.Name} is a reload of {node.Node.ProxyName}, which may wait "
                + $"{node.Node.Can.ChangeTakes.TotalSeconds:0.#} s for busy clients: {Words(count + 1)} instead of {wanted + 1} within "
                + $"{Durations.Format(limit)}");

    private static string Words(int steps) => steps == 1 ? "one step" : $"{steps} steps";
}
