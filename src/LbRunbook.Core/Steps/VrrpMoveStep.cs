using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// keepalived's own election moves the addresses: the old master's priority goes below the new one's, so that it serves until the new
/// one announces itself; then whatever can be put back without an election back is put back. One step and not several, because only
/// the state of both nodes together says what is left to do: killed anywhere, the same step finishes it, and its mirror image takes it back.
/// </summary>
/// <param name="From">The old master.</param>
/// <param name="To">The new one.</param>
/// <param name="Pairs">The instances on both, with their original values.</param>
/// <param name="Seconds">Budget: detection time and what goes with it.</param>
public sealed record VrrpMoveStep(string From, string To, IReadOnlyList<VrrpPair> Pairs, int Seconds) : Step
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PutBackBudget = TimeSpan.FromSeconds(20);

    /// <summary>Left for putting things back, or for what the new master still has to be told.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(4);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Make, Seconds);

    public override string Describe() => $"let keepalived elect {To} for {string.Join(", ", Pairs.Select(p => p.Vip))}: {How()}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var from = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(From), cancellation);
        var to = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(To), cancellation);
        await Task.WhenAll(from, to);
        if (to.Result is not { Runs: true, Frozen: false })
            return ProbeResult.Blocked($"keepalived on {To} {(to.Result is { Frozen: true } ? "is frozen" : "does not run")}: it cannot take over");
        if (from.Result is { Frozen: true })
            return ProbeResult.Blocked($"keepalived on {From} is frozen: it hears nobody and would take the addresses back when it goes on");
        var (won, seen) = Standing(from.Result, to.Result);
        var settled = Stands(from.Result, VrrpStand.OfLoser(Pairs, during: false)) && Stands(to.Result, VrrpStand.OfWinner(Pairs, during: false));
        var before = new JsonObject { ["won"] = won, ["from"] = Values(from.Result, p => p.From), ["to"] = Values(to.Result, p => p.To) };
        return won && settled ? ProbeResult.Satisfied(seen, before) : ProbeResult.Needed(settled || !won ? seen : $"{seen}, settings not yet final", before);
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        using var election = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        election.CancelAfter(TimeSpan.FromSeconds(Seconds) - Reserve);
        var seen = "nothing yet";
        try
        {
            await SetAsync(context, To, VrrpStand.OfWinner(Pairs, during: true), election.Token);
            await SetAsync(context, From, VrrpStand.OfLoser(Pairs, during: true), election.Token);
            for (var won = false; !won; await Task.Delay(Pause, context.Time, election.Token))
            {
                var from = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(From), election.Token);
                var to = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(To), election.Token);
                await Task.WhenAll(from, to);
                (won, seen) = Standing(from.Result, to.Result);
            }
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            var why = e is AdapterException ? e.Message : $"{To} did not become master within {Seconds - Reserve.TotalSeconds:0} s (last seen: {seen})";
            throw new AdapterException(To, "vrrp.move", $"{why}; {await PutBackAsync(context)}", inner: e);
        }
        await SetAsync(context, To, VrrpStand.OfWinner(Pairs, during: false), cancellation);
        await SetAsync(context, From, VrrpStand.OfLoser(Pairs, during: false), cancellation);
    }

    /// <summary>The same the other way round: with the original values known, it does not matter how far this one came.</summary>
    public override Step? Inverse(JsonNode? before) => this with { From = To, To = From, Pairs = [.. Pairs.Select(p => p.Swap())] };

    public bool Equals(VrrpMoveStep? other) =>
        other is not null && (From, To, Seconds) == (other.From, other.To, other.Seconds) && Pairs.SequenceEqual(other.Pairs);

    public override int GetHashCode() => HashCode.Combine(From, To, Pairs.Count, Seconds);

    private string How()
    {
        var ways = Pairs.Where(p => p.MustLower).Select(p => p.From.TrackFile is { } file ? $"by {file}" : $"from {p.From.Priority} to {p.Lowered}").Distinct().ToList();
        return ways.Count == 0 ? $"{To} has the higher priority" : $"lower {From}'s priority {string.Join(" and ", ways)}";
    }

    private (bool Won, string Seen) Standing(KeepalivedState? from, KeepalivedState? to)
    {
        var states = Pairs.Select(p => (p.Vip, From: Instance(from, p.From), To: Instance(to, p.To))).ToList();
        var won = states.All(s => s is { To.State: VrrpState.Master, From: null or { Holds: false } });
        return (won, string.Join(", ", states.Select(s => $"{s.Vip}: {From} {Word(s.From)}, {To} {Word(s.To)}")));
    }

    private static string Word(VrrpInstance? instance) => instance switch
    {
        null => "without it",
        { State: VrrpState.Stopped, Holds: true } => "stopped, address left behind",
        _ => instance.State.ToString().ToLowerInvariant(),
    };

    private static bool Stands(KeepalivedState? seen, VrrpStand wanted) => seen is null
        || (wanted.Settings.All(s => seen.Instances.FirstOrDefault(i => i.Name == s.Instance) is not { } i || s.Matches(i))
            && wanted.TrackFiles.All(f => (Value(seen, f.Key) ?? 0) == f.Value));

    private static int? Value(KeepalivedState seen, string file) =>
        seen.Instances.SelectMany(i => i.TrackFiles).FirstOrDefault(t => t.Path == file)?.Value;

    private JsonArray Values(KeepalivedState? seen, Func<VrrpPair, VrrpSide> side) => [.. Pairs.Select(side).Select(s => Instance(seen, s) is { } i
        ? (JsonNode)$"{i.Name} priority {i.Priority}{(i.Eager ? " eager" : "")}{string.Concat(i.TrackFiles.Select(t => $" {t.Path}={t.Value}"))}" : "none")];

    private static VrrpInstance? Instance(KeepalivedState? seen, VrrpSide side) => seen?.Instances.FirstOrDefault(i => i.Name == side.Instance);

    private static async Task SetAsync(StepContext context, string nodeName, VrrpStand wanted, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(nodeName);
        var seen = await context.Ports.Keepalived.ReadAsync(node, cancellation);
        if (seen is null)
            return;
        foreach (var (file, value) in wanted.TrackFiles)
            if ((Value(seen, file) ?? 0) != value)
                await context.Ports.Keepalived.SetTrackFileAsync(node, file, value, cancellation);
        var needed = wanted.Settings.Where(s => seen.Instances.Any(i => i.Name == s.Instance && !s.Matches(i))).ToList();
        if (needed.Count > 0)
            await context.Ports.Keepalived.SetAsync(node, needed, cancellation);
    }

    /// <summary>The old master has never let go, so its own priority changes nothing but what it was. On time of its own.</summary>
    private async Task<string> PutBackAsync(StepContext context)
    {
        using var budget = new CancellationTokenSource(PutBackBudget, context.Time);
        var back = Pairs.Select(p => p.Swap()).ToList();
        try
        {
            await SetAsync(context, From, VrrpStand.OfWinner(back, during: false), budget.Token);
            await SetAsync(context, To, VrrpStand.OfLoser(back, during: false), budget.Token);
            return "the priorities are what they were";
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            return $"the priorities could not be put back: {e.Message}";
        }
    }
}
