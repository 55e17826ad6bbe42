using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Past;

/// <summary>A plan that is made from the journal, run the same way as every other.</summary>
/// <param name="verb">As it is typed.</param>
internal sealed class PastAction(string verb, Func<World, PlanResult> build) : IAction
{
    public string Verb => verb;

    public VirtualIp? Watched(Fleet fleet) => fleet.Vips is [var first, ..] ? first : null;

    public static PastAction Undo(PastRun past, bool acceptLater) =>
        new("undo", world => UndoPlanner.Build(world.Fleet, past, acceptLater));

    public static PastAction Resume(PastRun past, bool acceptLater, bool acceptOld) =>
        new("resume", world => ResumePlanner.Build(world.Fleet, past, world.Time.GetUtcNow(), acceptLater, acceptOld));

    public async Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation) =>
        new(build(world), await world.LookAsync(cancellation));
}
