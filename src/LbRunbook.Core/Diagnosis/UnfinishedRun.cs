using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Diagnosis;

/// <summary>The newest run that may have changed the cluster, where it was cut off and nobody has finished it or taken it back.</summary>
public sealed record UnfinishedRun(RunRecord Run)
{
    /// <summary>After this long its plan describes a world that is probably gone; a resume then asks for a flag.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromHours(1);

    public static string Resume(RunRecord run) => $"lbctl resume {run.RunId}";
}
