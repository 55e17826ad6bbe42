using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>One change that somebody wants: what a verb, a policy, a runbook or a drill hands to <see cref="RunSession"/>.</summary>
internal interface IAction
{
    /// <summary>As it stands in the journal: "failover".</summary>
    string Verb { get; }

    /// <summary>Looks and plans; called again after a long prompt.</summary>
    /// <param name="runId">For what the plan names after its run.</param>
    /// <param name="cancellation">Somebody does not want it any more.</param>
    /// <exception cref="OperatorException">What was asked for makes no sense here.</exception>
    Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation);

    /// <summary>The look when all is over.</summary>
    Task<Observation> LookAfterAsync(World world, CancellationToken cancellation) => world.LookAsync(cancellation);

    /// <summary>The virtual IPs through which clients are watched meanwhile: those that it may move.</summary>
    IReadOnlyList<VirtualIp> Watched(Fleet fleet) => [];

    /// <summary>It is itself a way out of a run that was cut off: nobody has to be told of that run before.</summary>
    bool EndsARun => false;

    /// <summary>What to type after a run that was applied in part; null = undo.</summary>
    string? NextWhenPartial(string runId) => null;

    /// <summary>Takes a finished run back when there is no journal to undo it by; null = a human has to look.</summary>
    string? BackWithoutJournal => null;
}

/// <summary>A look at the world and what a planner made of it.</summary>
internal sealed record Proposal(PlanResult Result, Observation? Before);
