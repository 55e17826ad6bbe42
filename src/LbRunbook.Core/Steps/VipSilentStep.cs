using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Nobody on the wire answers for the VIP, asked from a host that does not carry it: the last look before an emergency add.</summary>
/// <param name="Vip">VIP name.</param>
/// <param name="Except">Node that may answer (the one that is about to get it, or has it).</param>
public sealed record VipSilentStep(string Vip, string Except) : Step
{
    protected override StepTraits Traits => StepTraits.Check(seconds: 2);

    public override string Describe() => $"check that nobody else on the wire answers for {Vip}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var vip = context.Fleet.Vip(Vip);
        var holding = await VipHolding.ReadAsync(context, Vip, Except, cancellation);
        if (holding.Held)
            return ProbeResult.Satisfied($"{Except} holds it already");
        var answer = await context.Ports.Wire.WhoHasAsync(vip, [], cancellation);
        if (answer is null)
            return ProbeResult.Needed($"nobody could ask the wire about {vip.Address}");
        return answer.Macs.Count == 0
            ? ProbeResult.Satisfied($"silence for {vip.Address}, asked from {answer.Vantage}")
            : ProbeResult.Blocked($"{string.Join(", ", answer.Macs)} answers for {vip.Address} (asked from {answer.Vantage})");
    }
}
