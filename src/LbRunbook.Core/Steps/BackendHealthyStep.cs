using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>A backend's process runs and its checks pass, on its own machine and from every node.</summary>
/// <param name="WaitSeconds">How long that may take.</param>
[StepKind("waits until a backend runs and passes its checks, on its own machine and from every node", InRunbooks = true)]
public sealed record BackendHealthyStep(string Pool, string Backend, int WaitSeconds = 30) : Step
{
    protected override StepTraits Traits => StepTraits.Check(WaitSeconds);

    public override string Describe() => $"see that {Backend} is well";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var look = await BackendHealth.TakeAsync(context, BackendKnown.Of(context, Pool, Backend), cancellation);
        return look.Well ? ProbeResult.Satisfied(look.Words) : ProbeResult.Needed(look.Words);
    }
}
