using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Nobody answers for the VIP who is not part of the move: a third machine with the same address would share the traffic with the new
/// holder.
/// </summary>
/// <param name="Node">Who is about to get it, or has it.</param>
/// <param name="Holder">Who may answer as well; the same as <paramref name="Node"/> = nobody else has it any more.</param>
[StepKind("checks that no third machine answers for a virtual IP", InRunbooks = true)]
public sealed record VipUncontestedStep(string Vip, string Node, string Holder) : Step
{
    // When it has moved, going back is no way out of a third machine's having it: once more, when that is found.
    protected override StepTraits Traits => StepTraits.Check(seconds: 3) with
    {
        WayBack = Holder == Node ? WayBack.Unwanted : WayBack.Undo,
    };

    public override string Describe() => $"check that nobody but {Holder} answers for {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        var asking = VipWire.AskAsync(context, vip, Node, cancellation);
        var mayAnswer = await VipWire.MacsOfAsync(context, vip, ((string[])[Node, Holder]).Distinct(), cancellation);
        var wire = await asking;
        // The nodes' kernels were asked, too: without a wire this is less certain, not a reason to stop.
        if (wire.Answers.Count == 0)
            return ProbeResult.Satisfied($"nobody could ask the wire about {vip.Address}: only the nodes themselves were asked");
        var others = wire.Macs.Except(mayAnswer.Select(m => m.Mac)).ToList();
        if (others.Count > 0)
        {
            var who = await wire.DescribeAsync(context, vip, others, cancellation);
            // A reply that was on its way when the address was removed is not an objection.
            return Holder == Node ? ProbeResult.Needed(who) : ProbeResult.Blocked(who);
        }
        return ProbeResult.Satisfied($"nobody but {Holder} answers for {vip.Address}, asked from {wire.Vantages}");
    }
}
