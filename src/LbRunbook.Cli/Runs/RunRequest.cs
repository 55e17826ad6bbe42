using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>A look at the world and what a planner made of it.</summary>
internal sealed record Proposal(PlanResult Result, Observation? Before);

/// <summary>One mutation, as a verb hands it to <see cref="RunSession"/>.</summary>
internal sealed record RunRequest
{
    public required string Verb { get; init; }
    public required Fleet Fleet { get; init; }

    /// <summary>For a verb that names things after its run; null = made when it starts.</summary>
    public string? RunId { get; init; }
    public required MutationFlags Flags { get; init; }

    /// <summary>The command as it would be typed again, for messages: "lbctl failover lb1 lb2".</summary>
    public required string CommandLine { get; init; }

    /// <summary>Takes a finished run back when there is no journal to undo it by; null = a human has to look.</summary>
    public string? BackWithoutJournal { get; init; }

    /// <summary>Makes the commands that are printed hit this cluster.</summary>
    public required NextCommand Next { get; init; }

    /// <summary>Looks and plans; called again after a long prompt.</summary>
    public required Func<CancellationToken, Task<Proposal>> ProposeAsync { get; init; }

    /// <summary>What to type after a run that was applied in part, from its id; null = undo.</summary>
    public Func<string, string>? NextWhenPartial { get; init; }

    /// <summary>A look afterwards; null when there is none worth its time.</summary>
    public Func<CancellationToken, Task<Observation>>? LookAfterAsync { get; init; }

    /// <summary>Measures what clients see while the run goes on.</summary>
    public GapMeter? Gap { get; init; }
}
