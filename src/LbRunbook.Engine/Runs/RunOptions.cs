namespace LbRunbook.Engine.Runs;

/// <summary>How an action was asked for.</summary>
internal sealed record RunOptions
{
    /// <summary>Null = made when it starts.</summary>
    public string? RunId { get; init; }

    /// <summary>Look and plan, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>A dry run that finds something to do ends with 2.</summary>
    public bool DetailedExitCode { get; init; }

    /// <summary>The command as it would be typed again, for messages: "lbctl failover lb1 lb2".</summary>
    public required string Command { get; init; }

    /// <summary>Makes the commands that are proposed hit this cluster.</summary>
    public Func<string, string> Qualify { get; init; } = next => next;
}
