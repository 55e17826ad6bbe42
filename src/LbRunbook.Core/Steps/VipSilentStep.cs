using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Nobody on the wire answers for the VIP, asked from every place that does not carry it: the last look before an emergency add.
/// </summary>
/// <param name="Except">Node that may answer (the one that is about to get it, or has it).</param>
[StepKind("checks that nobody else on the wire answers for a virtual IP", InRunbooks = true)]
public sealed record VipSilentStep(string Vip, string Except) : Step
{
    protected override StepTraits Traits => StepTraits.Check(seconds: 3);

    public override string Describe() => $"check that nobody else on the wire answers for {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        // Both at once: in an emergency this is the outage.
        var asking = VipWire.AskAsync(context, vip, Except, cancellation);
        var holding = await VipHolding.ReadAsync(context, Vip, Except, cancellation);
        var wire = await asking;
        if (holding.Held)
            return ProbeResult.Satisfied($"{Except} holds it already");
        if (wire.Answers.Count == 0)
            return ProbeResult.Needed($"nobody could ask the wire about {vip.Address}");
        return wire.Macs.Count == 0
            ? ProbeResult.Satisfied($"silence for {vip.Address}, asked from {wire.Vantages}")
            : ProbeResult.Blocked(await wire.DescribeAsync(context, vip, wire.Macs, cancellation));
    }
}
