namespace LbRunbook.Core.Plans;

/// <summary>The only caller of <see cref="Step.ApplyAsync"/>.</summary>
public sealed class PlanRunner;
