namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>Targets that are configured and that nothing sends to: whoever relies on them has to know it before the incident.</summary>
internal static class AlertsNotSentRule
{
    public static IEnumerable<Finding> Apply(Situation situation)
    {
        if (situation.Fleet.Alerts.Count == 0)
            yield break;
        var names = string.Join(", ", situation.Fleet.Alerts.Select(a => a.Name));
        yield return new(DiagnosisCode.AlertsNotSent, Severity.Ok, "alerts",
            $"alerts: names {names}, and this version of lbctl sends nothing there: nobody is called by it",
            "lbctl assess --output nagios");
    }
}
