using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>A change of backends on every node that needs no more than the look: isolate, restore, drain.</summary>
/// <param name="verb">As it is typed.</param>
internal sealed class BackendAction(
    string verb, IReadOnlyList<BackendTarget> targets, Func<World, BackendSituation, PlanResult> build) : IAction
{
    public string Verb => verb;

    /// <summary>A node that was down: the same steps once more, when it is back.</summary>
    public string NextWhenPartial(string runId) => $"lbctl resume {runId}";

    public Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation) =>
        BackendProposal.ProposeAsync(world, targets, now => build(world, now), cancellation);

    public static BackendAction Isolate(IReadOnlyList<BackendTarget> targets, IsolateRequest request) =>
        new("isolate-backend", targets, (world, now) => IsolatePlanner.Build(world.Fleet, now, request));

    public static BackendAction Restore(IReadOnlyList<BackendTarget> targets, TimeSpan wait, TimeSpan ramp) =>
        new("restore-backend", targets, (world, now) => RestorePlanner.Build(world.Fleet, now, wait, ramp));

    public static BackendAction Drain(IReadOnlyList<BackendTarget> targets, DrainRequest request) =>
        new("drain", targets, (world, now) => DrainPlanner.Build(world.Fleet, now, request));
}
