using LbRunbook.Core.Model;

namespace LbRunbook.Core.Plans;

/// <summary>What will be done, in order, as data. Building it did no I/O; running it decides nothing.</summary>
public sealed record Plan
{
    /// <summary>The verb that made it: "failover", "undo".</summary>
    public required string Verb { get; init; }
    public required string Cluster { get; init; }
    public required FleetEnvironment Environment { get; init; }

    /// <summary>One sentence for the top of the output: what moves where, and which way.</summary>
    public required string Title { get; init; }
    public required IReadOnlyList<PlannedStep> Steps { get; init; }
    public OnFailure OnFailure { get; init; } = OnFailure.Stop;
    public Risk Risk { get; init; } = Risk.Moderate;

    /// <summary>What the operator should know before saying yes.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What stays different when it is done, and what the next restart does.</summary>
    public IReadOnlyList<string> Afterwards { get; init; } = [];

    /// <summary>The playbook's clock for this kind of action; shown, not enforced.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The run that this plan takes back.</summary>
    public string? Undoes { get; init; }

    /// <summary>The run that this plan finishes.</summary>
    public string? Resumes { get; init; }

    /// <summary>What the run is about, for finding it again ("from" → "lb1").</summary>
    public IReadOnlyDictionary<string, string> Subjects { get; init; } = new Dictionary<string, string>();
}

/// <param name="HoldAfter">
/// Stopping right after this step would be worse than going on (an address on two nodes, or on none): an interruption waits for the next
/// step without it.
/// </param>
/// <param name="DoneBefore">
/// The journal of the run that is resumed says that it was done. It counts for a step that leaves nothing to look at (an announcement),
/// and only as long as nothing before it had to be done again.
/// </param>
/// <param name="Lane">
/// Neighbouring steps that have a lane (a node's name) run lane beside lane, in order within each: a node that hangs keeps no other
/// waiting, and one that fails stops only its own lane. What follows begins when all lanes have ended well. Null = alone.
/// </param>
public sealed record PlannedStep(Step Step, bool HoldAfter = false, bool DoneBefore = false, string? Lane = null);

/// <summary>A failover stops: rolling back blindly onto a dead balancer is an outage. Everything else undoes.</summary>
public enum OnFailure { Stop, Undo }

/// <summary>Decides the prompt: none, y/N, type the cluster's name.</summary>
public enum Risk { Low, Moderate, Severe }

/// <summary>Either a plan or all the reasons why not.</summary>
public sealed record PlanResult(Plan? Plan, IReadOnlyList<Refusal> Refusals)
{
    public static PlanResult Of(Plan plan) => new(plan, []);
    public static PlanResult Refused(IReadOnlyList<Refusal> refusals) => new(null, refusals);
}

/// <param name="Guard">Name of the rule: "target-proxy-answers".</param>
/// <param name="Reason">What was measured and what the limit is.</param>
/// <param name="Override">The flag that overrides it; null = none does.</param>
/// <param name="Next">The command to type instead; null = none better than looking.</param>
public sealed record Refusal(string Guard, string Reason, string? Override = null, string? Next = null);
