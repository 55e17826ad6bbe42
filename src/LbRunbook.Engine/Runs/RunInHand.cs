using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;

namespace LbRunbook.Engine.Runs;

/// <summary>The run that is being made: its action, its name, and how both were asked for.</summary>
internal sealed record RunInHand(World World, IAction Action, RunOptions Options, string Id)
{
    public Task<Proposal> ProposeAsync(CancellationToken cancellation) => Action.ProposeAsync(World, Id, cancellation);

    /// <param name="claim">Null = nothing is changed.</param>
    public StepContext Context(ClusterClaim? claim) => new(World.Fleet, World.Ports, World.Time)
    {
        Mandate = claim,
        Fenced = claim?.Fence is { } fence ? World.Ports.Behind(fence) : null,
    };

    public RunOutcome Ended(RunResult result, string? message = null) => new() { Verb = Action.Verb, Result = result, Message = message };

    public RunOutcome Refused(IReadOnlyList<Refusal> refusals) => Ended(RunResult.Refused) with { Refusals = refusals };
}
