using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Makes a proxy's next reload start with what is set now. In an undo once more: an old file would bring the old state back.
/// </summary>
[StepKind("makes what is set now last through a reload of the proxy", InRunbooks = true)]
public sealed record ServersKeepStep(string Place) : Step
{
    /// <summary>The very last in an undo: what is written down is what all others have made of it.</summary>
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Verify) with { Verifiable = false };

    public override string Describe() => $"make it last through a reload on {Place}";

    public override Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation) =>
        Task.FromResult(ProbeResult.Needed($"{Place} keeps the state of its servers through a reload"));

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Place).KeepAsync(cancellation);

    public override Step? Inverse(JsonNode? before) => this;
}
