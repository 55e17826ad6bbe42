using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// keepalived's own election moves the addresses: the old master's priority goes below the new one's, so that it serves until the new
/// one announces itself; then whatever can be put back without an election back is put back. One step and not several, because only
/// the state of both nodes together says what is left to do: killed anywhere, the same step finishes it, and its mirror image takes it
/// back.
/// </summary>
/// <param name="Pairs">The instances on both, with their original values; none = only what stood there before is put back.</param>
/// <param name="Seconds">Budget: detection time and what goes with it.</param>
/// <param name="Rest">How both shall stand when it is over, where it takes a move back; null = as the priorities demand.</param>
[StepKind("lets keepalived's own election move virtual IPs")]
public sealed record VrrpMoveStep(string From, string To, IReadOnlyList<VrrpPair> Pairs, int Seconds, VrrpBefore? Rest = null) : Step
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Left for putting things back, or for what the new master still has to be told.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(4);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Make, Seconds);

    public override string Describe() => Pairs.Count == 0
        ? $"put keepalived's priorities on {To} and {From} back to what they were; its own election decides who has the addresses"
        : $"let keepalived elect {To} for {string.Join(", ", Pairs.Select(p => p.Vip))}: {How()}";

    /// <summary>
    /// A run that goes on with another one finds the values in the middle of the move: the first one's are those from before.
    /// </summary>
    [JsonIgnore]
    public override string Sets =>
        $"keepalived's election between {string.Join(" and ", ((string[])[From, To]).Order(StringComparer.Ordinal))}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var look = await VrrpLook.TakeAsync(context, From, To, cancellation);
        if (Rest is not null && look.To is { Frozen: true } && Pairs.Count > 0 && look.Holds(Pairs))
            return ProbeResult.Satisfied($"keepalived on {To} is frozen and has the addresses, as before");
        if (Pairs.Count > 0 && look.To is not { Runs: true, Frozen: false })
            return ProbeResult.Blocked($"keepalived on {To} {(look.To is { Frozen: true } ? "is frozen" : "does not run")}"
                + ": it cannot take over");
        if (Pairs.Count > 0 && look.From is { Frozen: true })
            return ProbeResult.Blocked($"keepalived on {From} is frozen: it hears nobody and would take the "
                + "addresses back when it goes on");
        var won = look.Won(Pairs);
        var settled = Settled(From).IsSo(look.From) && Settled(To).IsSo(look.To);
        var before = BeforeOf(look).ToJson();
        var seen = Pairs.Count > 0
            ? look.Words(Pairs, From, To)
            : settled
            ? $"the priorities on {To} and {From} are what they were"
            : $"the priorities on {To} and {From} are not what they were";
        return won && settled
            ? ProbeResult.Satisfied(seen, before)
            : ProbeResult.Needed(settled || !won || Pairs.Count == 0 ? seen : $"{seen}, settings not yet final", before);
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var look = await VrrpLook.TakeAsync(context, From, To, cancellation);
        var before = BeforeOf(look);
        if (!look.Won(Pairs))
            await ElectAsync(context, look, before, cancellation);
        // Back at a lowered value the winner may be below what the loser has for the moment, but not below what that had then.
        foreach (var name in Rest?.Pairs.Any(p => p.To is { } winner && winner.Priority < winner.Own) == true
            ? (string[])[From, To]
            : [To, From])
            await Settled(name).MakeSoAsync(context, name,
                await context.Ports.Keepalived.ReadAsync(context.Fleet.Node(name), cancellation), cancellation);
    }

    /// <summary>
    /// The same the other way round, to the values from before: with these known it does not matter how far this one came.
    /// </summary>
    public override Step? Inverse(JsonNode? before)
    {
        var was = VrrpBefore.Of(before);
        return this with { From = To, To = From, Pairs = [.. Back(was).Where(p => p.CanBeLowered)], Rest = was?.Swap() };
    }

    /// <summary>Virtual IPs that the way back leaves where they are: nothing that their new master could be given is lower.</summary>
    public IReadOnlyList<string> StayBehind(JsonNode? before) =>
        [.. Back(VrrpBefore.Of(before)).Where(p => !p.CanBeLowered).Select(p => p.Vip)];

    public bool Equals(VrrpMoveStep? other) =>
        other is not null && (From, To, Seconds, Rest) == (other.From, other.To, other.Seconds, other.Rest)
            && Pairs.SequenceEqual(other.Pairs);

    public override int GetHashCode() => HashCode.Combine(From, To, Pairs.Count, Seconds);

    private async Task ElectAsync(StepContext context, VrrpLook look, VrrpBefore before, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds) - Reserve, context.Time);
        using var election = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var begun = new List<string>();
        try
        {
            begun.Add(To);
            await VrrpStand.OfWinner(Pairs, during: true).MakeSoAsync(context, To, look.To, election.Token);
            begun.Add(From);
            await VrrpStand.OfLoser(Pairs, during: true).MakeSoAsync(context, From, look.From, election.Token);
            while (!(look = await VrrpLook.TakeAsync(context, From, To, election.Token)).Won(Pairs))
                await Task.Delay(Pause, context.Time, election.Token);
        }
        catch (Exception e) when (e is AdapterException or OperationCanceledException)
        {
            var why = e is AdapterException
                ? e.Message
                : $"{To} did not become master within {Seconds - Reserve.TotalSeconds:0} s (last seen: {look.Words(Pairs, From, To)})";
            throw new AdapterException(To, "vrrp.move",
                $"{why}; {await new VrrpPutBack(context, before, (From, To)).RunAsync(begun)}", inner: e);
        }
    }

    private IEnumerable<VrrpPair> Back(VrrpBefore? was) =>
        Pairs.Where(p => was is null || was.Pairs.Any(w => w.Vip == p.Vip && w.ComesBack(p))).Select(p => p.Swap());

    /// <summary>How it shall stand when all is over.</summary>
    private VrrpStand Settled(string name) => Rest is null
        ? name == To ? VrrpStand.OfWinner(Pairs, during: false) : VrrpStand.OfLoser(Pairs, during: false)
        : VrrpStand.AsBefore(Rest.Pairs.Select(p => name == To ? p.To : p.From));

    /// <summary>What a way back puts in order may be more than what it moves.</summary>
    private VrrpBefore BeforeOf(VrrpLook look) => Rest?.Now(look.From, look.To) ?? VrrpBefore.Of(Pairs, look.From, look.To);

    private string How()
    {
        var ways = Pairs.Where(p => p.MustLower)
            .Select(p => p.From.TrackFile is { } file ? $"by {file}" : $"from {p.From.Priority} to {p.Lowered}").Distinct().ToList();
        return ways.Count == 0 ? $"{To} has the higher priority" : $"lower {From}'s priority {string.Join(" and ", ways)}";
    }
}
