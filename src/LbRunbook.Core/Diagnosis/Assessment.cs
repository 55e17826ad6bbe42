using LbRunbook.Core.History;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis;

/// <summary>The answer to "is it well": findings, the worst of them, and one line that says it.</summary>
internal sealed record Assessment(Fleet Fleet, Observation Observation, IReadOnlyList<Finding> Findings)
{
    /// <param name="history">Earlier looks, oldest first; patterns over time need them.</param>
    /// <param name="unfinished">The last run, if it did not get through.</param>
    /// <param name="stopped">What runs stopped on purpose.</param>
    public static Assessment Of(
        Fleet fleet, Observation observation, IReadOnlyList<PastLook>? history = null, UnfinishedRun? unfinished = null,
        IReadOnlyList<StoppedKeepalived>? stopped = null) =>
        new(fleet, observation, Diagnoser.Diagnose(fleet, observation, history, unfinished, stopped));

    public Severity Severity => SeverityOrder.Worst(Findings.Select(f => f.Severity));

    /// <summary>Findings that are trouble, without the notes and without what only follows from another one.</summary>
    public IReadOnlyList<Finding> Problems => [.. Findings.Where(f => f.Severity != Severity.Ok && f.Cause is null)];

    /// <summary>Healthy share of all backends, 0–1; null when no pool was looked at.</summary>
    public double? HealthRatio
    {
        get
        {
            var backends = Observation.Pools.SelectMany(p => p.Backends).ToList();
            return backends.Count == 0 ? null : (double)backends.Count(b => b.Healthy) / backends.Count;
        }
    }

    public long Connections => Observation.Nodes.Sum(n => n.Proxy is { Answers: true } proxy ? proxy.CurrentConnections : 0);

    /// <summary>
    /// Below the findings, where the worst of them need not be said again: what clients get, and how much there is to see to.
    /// </summary>
    public string Summary
    {
        get
        {
            if (Problems.Count == 0)
                return Verdict;
            if (Findings.Any(f => f.Code == DiagnosisCode.ObserverIsolated))
                return $"nothing is known of {Fleet.Cluster} from here";
            var silent = Names(v => v is { Through.Healthy: false });
            var unknown = Names(v => v is not { Through: not null });
            var served = Fleet.Vips.Count == 0 ? Fleet.Cluster
                : silent.Count > 0 ? $"no answer from {string.Join(", ", silent)}"
                : unknown.Count > 0 ? $"an answer from {string.Join(", ", unknown)} is not known"
                : $"answered: {string.Join(", ", Fleet.Vips.Select(v => v.Name))}";
            var empty = string.Join(", ", Findings.Where(f => f.Code == DiagnosisCode.PoolDown).Select(f => f.Subject));
            var critical = Problems.Count(p => p.Severity == Severity.Critical);
            return $"{served}{(empty.Length > 0 ? $", but nothing is left of pool {empty}" : "")}; "
                + $"{Problems.Count} {(Problems.Count == 1 ? "problem" : "problems")}"
                + (critical == 0 ? "" : critical == Problems.Count ? ", critical" : $", {critical} critical");
        }
    }

    private List<string> Names(Func<VipObservation?, bool> which) =>
        [.. Fleet.Vips.Where(v => which(Observation.Vips.FirstOrDefault(o => o.Vip == v.Name))).Select(v => v.Name)];

    /// <summary>One line: the worst finding, or who serves what when all is well.</summary>
    public string Verdict
    {
        get
        {
            var problems = Problems;
            if (problems.Count > 0)
                return $"{problems[0].Code}: {problems[0].Message}" + (problems.Count == 1 ? "" : $" (and {problems.Count - 1} more)");
            var backends = Observation.Pools.SelectMany(p => p.Backends).ToList();
            List<string> parts = [.. Fleet.Vips.Select(v => $"{v.Name} on {string.Join("+", Observation.HoldersOf(v))}")];
            if (backends.Count > 0)
                parts.Add($"{backends.Count(b => b.Healthy)} of {backends.Count} backends healthy");
            var situation = new Situation(Fleet, Observation);
            var standbys = situation.Nodes.Where(p => !situation.CarriesTraffic(p.Node) && Situation.Serves(p.Seen))
                .Select(p => p.Node.Name).ToList();
            if (standbys.Count > 0)
                parts.Add($"{string.Join(", ", standbys)} ready to take over");
            return $"{Fleet.Cluster} serves" + (parts.Count == 0 ? "" : $": {string.Join(", ", parts)}");
        }
    }
}
