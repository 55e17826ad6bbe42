namespace LbRunbook.Lab;

internal enum LabProblem
{
    /// <summary>It did not work; what had been made is taken away again.</summary>
    Failed,

    /// <summary>This machine or this user cannot have a lab.</summary>
    Refused,

    /// <summary>Something is left behind that a human should see.</summary>
    LeftBehind,

    /// <summary>No such lab, host or fault.</summary>
    Unknown,
}

/// <summary>An expected end of a lab operation, with the command that helps.</summary>
internal sealed class LabException(LabProblem problem, string message, string? next = null) : Exception(message)
{
    public LabProblem Problem { get; } = problem;
    public string? Next { get; } = next;
}
