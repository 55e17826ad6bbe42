using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>A change of one backend on every node that needs no more than the look: isolate, restore, drain.</summary>
/// <param name="verb">As it is typed.</param>
internal sealed class BackendAction(string verb, BackendTarget target, Func<World, BackendSituation, PlanResult> build) : IAction
{
    public string Verb => verb;

    /// <summary>A node that was down: the same steps once more, when it is back.</summary>
    public string NextWhenPartial(string runId) => $"lbctl resume {runId}";

    public Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation) =>
        BackendProposal.ProposeAsync(world, target, now => build(world, now), cancellation);

    public static BackendAction Isolate(BackendTarget target, IsolateRequest request) =>
        new("isolate-backend", target, (world, now) => IsolatePlanner.Build(world.Fleet, now, request));

    public static BackendAction Restore(BackendTarget target, TimeSpan wait, TimeSpan ramp) =>
        new("restore-backend", target, (world, now) => RestorePlanner.Build(world.Fleet, now, wait, ramp));

    public static BackendAction Drain(BackendTarget target, DrainRequest request) =>
        new("drain", target, (world, now) => DrainPlanner.Build(world.Fleet, now, request));
}
