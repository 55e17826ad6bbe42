using System.Reflection;

namespace LbRunbook.Core.Diagnosis;

/// <param name="severity">Unless the rule has a reason to say otherwise (a standby, a share of a pool).</param>
/// <param name="meaning">For an operator who reads it for the first time at 3 AM.</param>
/// <param name="next">Template of the command to type; words in capitals are filled in by the rule.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class DiagnosisAttribute(Severity severity, string meaning, string next) : Attribute
{
    public Severity Severity => severity;
    public string Meaning => meaning;
    public string Next => next;
}

internal sealed record DiagnosisEntry(DiagnosisCode Code, Severity Severity, string Meaning, string Next);

/// <summary>What each code says of itself (at <see cref="DiagnosisCode"/>), in its order.</summary>
internal static class DiagnosisTable
{
    public static IReadOnlyList<DiagnosisEntry> All { get; } =
    [
        .. typeof(DiagnosisCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (Code: Enum.Parse<DiagnosisCode>(f.Name), Says: f.GetCustomAttribute<DiagnosisAttribute>()!))
            .Select(d => new DiagnosisEntry(d.Code, d.Says.Severity, d.Says.Meaning, d.Says.Next)),
    ];

    public static DiagnosisEntry Of(DiagnosisCode code) => All.Single(e => e.Code == code);
}
