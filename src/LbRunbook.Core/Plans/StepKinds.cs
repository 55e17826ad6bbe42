using System.Reflection;
using System.Text.Json.Serialization;

namespace LbRunbook.Core.Plans;

/// <param name="Name">As in <c>uses:</c>, in a runbook, a plan's JSON and the journal: "vip.add".</param>
/// <param name="InRunbooks">It may be written into a runbook.</param>
public sealed record StepKind(string Name, Type Type, string Summary, bool InRunbooks);

/// <summary>All kinds of steps that there are: one list (at <see cref="Step"/>), read from there.</summary>
public static class StepKinds
{
    /// <summary>By name.</summary>
    public static IReadOnlyList<StepKind> All { get; } =
    [
        .. typeof(Step).GetCustomAttributes<JsonDerivedTypeAttribute>()
            .Select(d => (Name: (string)d.TypeDiscriminator!, Type: d.DerivedType,
                Kind: d.DerivedType.GetCustomAttribute<StepKindAttribute>()))
            .Select(k => new StepKind(k.Name, k.Type, k.Kind?.Summary ?? "", k.Kind is { InRunbooks: true }))
            .OrderBy(k => k.Name, StringComparer.Ordinal),
    ];

    private static readonly Dictionary<Type, StepKind> ByType = All.ToDictionary(k => k.Type);

    public static StepKind Of(Step step) => ByType[step.GetType()];

    /// <summary>"vip.add".</summary>
    public static string NameOf(Step step) => Of(step).Name;

    /// <returns>Null = there is none of that name.</returns>
    public static StepKind? Find(string name) => All.FirstOrDefault(k => k.Name == name);
}
