namespace LbRunbook.Core.Diagnosis;

/// <summary>The worst finding decides the exit code of a status verb. Ok marks a note: worth knowing, nothing is wrong.</summary>
public enum Severity { Ok, Warning, Critical, Unknown }

/// <param name="Subject">The node, VIP, pool or backend it is about.</param>
/// <param name="Message">One sentence with the measured value and the limit.</param>
/// <param name="Next">The command to type: <c>lbctl …</c> where a verb cures it, else plain <c>ssh …</c>; null = none.</param>
public sealed record Finding(DiagnosisCode Code, Severity Severity, string Subject, string Message, string? Next)
{
    /// <summary>A second way, where the first may not be the one that is wanted; null = none.</summary>
    public string? Or { get; init; }

    /// <summary>The finding that this one is a consequence of; null = it stands for itself.</summary>
    public Finding? Cause { get; init; }
}
