using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Past;

/// <summary>A plan that is made from the journal, run the same way as every other.</summary>
/// <param name="verb">As it is typed.</param>
/// <param name="build">Plans, from the journal alone.</param>
/// <param name="adapt">Adds what only a look tells.</param>
internal sealed class PastAction(string verb, Func<World, PlanResult> build, PastAction.Adapt? adapt = null) : IAction
{
    public delegate Task<Plan> Adapt(World world, Plan plan, Observation seen, string runId, CancellationToken cancellation);

    public string Verb => verb;

    public IReadOnlyList<VirtualIp> Watched(Fleet fleet) => fleet.Vips;

    public bool EndsARun => true;

    public static PastAction Undo(PastRun past, bool acceptLater) =>
        new("undo", world => UndoPlanner.Build(world.Fleet, past, acceptLater), (world, plan, seen, runId, cancellation) =>
            UndoHandOver.FrameAsync(world.Fleet, world.Ports, past, plan, seen, runId, cancellation));

    public static PastAction Resume(PastRun past, bool acceptLater, bool acceptOld) =>
        new("resume", world => ResumePlanner.Build(world.Fleet, past, world.Time.GetUtcNow(), acceptLater, acceptOld));

    public async Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation)
    {
        var result = build(world);
        var seen = await world.LookAsync(cancellation);
        return new(result.Plan is { } plan && adapt is not null
            ? PlanResult.Of(await adapt(world, plan, seen, runId, cancellation))
            : result, seen);
    }
}
