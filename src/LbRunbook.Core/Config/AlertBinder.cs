using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>alerts:</c>. No message here shows a value: it may be the secret itself, put in the wrong place.</summary>
internal static class AlertBinder
{
    private const string Sources = "secretFile, secretEnvironment or secretCommand";

    private static readonly string[] SourceKeys = ["secretFile", "secretEnvironment", "secretCommand"];

    private static readonly FieldRule<AlertKind> Kind = FieldRules.Choice(("slack", AlertKind.Slack), ("pagerduty", AlertKind.PagerDuty));

    private static readonly FieldRule<AlertSeverity> Severity =
        FieldRules.Choice(("info", AlertSeverity.Info), ("warning", AlertSeverity.Warning), ("critical", AlertSeverity.Critical));

    public static AlertTarget Bind(Section alert)
    {
        WarnOfSources(alert);
        return new AlertTarget
        {
            Name = alert.Require("name", FieldRules.Name, ""),
            Kind = alert.Require("type", Kind, AlertKind.Slack, "slack, pagerduty"),
            MinimumSeverity = alert.Get("minimumSeverity", Severity, AlertSeverity.Warning),
            SecretFile = alert.GetOrNull("secretFile", SecretFile),
            SecretEnvironment = alert.GetOrNull("secretEnvironment", Variable),
            SecretCommand = CommandBinder.Bind(alert, "secretCommand"),
            Channel = alert.GetOrNull("channel", FieldRules.Text),
        };
    }

    // Without a secret nothing can be sent, but an alert target must never stop a failover: a warning, not an error.
    private static void WarnOfSources(Section alert)
    {
        var count = SourceKeys.Count(alert.Has);
        if (count > 1)
            alert.Error(alert.At, $"more than one secret; give one of {Sources}");
        else if (count == 0)
            alert.Warning(alert.At, $"has no secret, so nothing can be sent; give one of {Sources}");
    }

    private static string? SecretFile(string text, out string value)
    {
        value = text;
        if (PlainSecrets.LooksSecret(text) || text.Contains("://", StringComparison.Ordinal))
            return "must be the path of a file that holds the secret, not the secret";
        return text.StartsWith('/') || text.StartsWith("~/", StringComparison.Ordinal) || Path.IsPathFullyQualified(text)
            ? FieldRules.Text(text, out _)
            : "must be the absolute path of a file that holds the secret (begin with / or ~/)";
    }

    private static string? Variable(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 128 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? null
            : "must be the name of an environment variable (A-Z a-z 0-9 _), not the secret";
    }
}
