using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>Nothing of a hand-over is left on the node: rules, address on lo, sysctls, timer.</summary>
[StepKind("removes what a hand-over made on a node")]
public sealed record HandOverEndStep(string Node, string Id) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp);

    public override string Describe() => $"end the hand-over on {Node}: rules, address on lo, sysctls, timer";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var left = await context.Ports.HandOver.LeftAsync(context.Fleet.Node(Node), Id, cancellation);
        return left.Count == 0
            ? ProbeResult.Satisfied($"nothing of it is left on {Node}")
            : ProbeResult.Needed($"on {Node}: {string.Join(", ", left)}");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.HandOver.EndAsync(context.Fleet.Node(Node), Id, cancellation);
}
