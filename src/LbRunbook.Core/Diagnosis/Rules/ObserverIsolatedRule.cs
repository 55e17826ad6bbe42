namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>We are cut off: the cluster may serve perfectly well.</summary>
internal static class ObserverIsolatedRule
{
    public static Finding Of(Situation situation)
    {
        var node = situation.Nodes[0].Node;
        return new(DiagnosisCode.ObserverIsolated, DiagnosisTable.Of(DiagnosisCode.ObserverIsolated).Severity, Vantage.Here,
            $"{Why(situation.Seen)}; the cluster may serve perfectly well", $"ip route get {node.Host}");
    }

    public static string Why(Observations.Observation seen)
    {
        List<string> tried = [.. seen.Nodes.Select(n => n.Node), .. seen.Surroundings.Select(s => s.Name)];
        return $"this machine reaches nothing: no sign of life from {string.Join(", ", tried)}";
    }
}
