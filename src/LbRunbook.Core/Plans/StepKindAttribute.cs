namespace LbRunbook.Core.Plans;

/// <summary>
/// What a kind of step is for, said at its record; its name (<c>uses:</c>) stands in the one list of kinds, at <see cref="Step"/>.
/// </summary>
/// <param name="summary">One line, for whoever looks for a step: "removes a virtual IP from a node".</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StepKindAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;

    /// <summary>
    /// It may be written into a runbook. Not what only a planner can fill in: what was seen before, names made for one run, what is safe
    /// only between the steps that a planner puts around it.
    /// </summary>
    public bool InRunbooks { get; init; }
}
