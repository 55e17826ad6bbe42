namespace LbRunbook.Core.Config;

/// <summary>
/// Secrets that stand in the file itself. They are warned about, never used and never repeated in a message:
/// a configuration is committed, copied to nodes and pasted into tickets.
/// </summary>
internal static class PlainSecrets
{
    private const string Instead = "keep it out of the file: secretFile, secretEnvironment or secretCommand under alerts";

    private static readonly string[] SecretKeys =
        ["secret", "webhook", "webhookurl", "token", "apitoken", "accesstoken", "routingkey", "integrationkey", "servicekey", "apikey",
            "password", "passphrase"];

    private static readonly string[] SecretMarks = ["hooks.slack.com/", "xoxb-", "xoxp-", "xapp-", "-----BEGIN "];

    public static bool IsSecretKey(YamlEntry entry)
    {
        var name = entry.Key.Text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return SecretKeys.Contains(name, StringComparer.OrdinalIgnoreCase)
            || (name.Equals("url", StringComparison.OrdinalIgnoreCase) && entry.Value is YamlScalar value && LooksSecret(value.Text));
    }

    public static bool LooksSecret(string text) => SecretMarks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    /// <summary>A value that no message may repeat.</summary>
    public static bool MayHoldSecret(string key, string text) => key.StartsWith("secret", StringComparison.Ordinal) || LooksSecret(text);

    public static void Warn(YamlValue? value, ProblemList problems)
    {
        switch (value)
        {
            case YamlScalar scalar when LooksSecret(scalar.Text):
                problems.Warning(scalar.At, $"a secret in plain text; {Instead}");
                break;
            case YamlList list:
                foreach (var item in list.Items) Warn(item, problems);
                WarnAgent(list, problems);
                break;
            case YamlMap map:
                foreach (var entry in map.Entries) WarnEntry(entry, problems);
                break;
        }
    }

    /// <summary>
    /// A fence agent's password among the arguments of a command: <c>--password=x</c>, or <c>-p</c> and its value. Its script or file
    /// option is the way.
    /// </summary>
    private static void WarnAgent(YamlList list, ProblemList problems)
    {
        foreach (var word in list.Items.OfType<YamlScalar>().Where(s => IsPasswordArgument(s.Text)))
            problems.Warning(word.At,
                "a password in plain text in a command; give it by file or script (fence agents: "
                    + "--password-script=FILE), or by the environment");
    }

    private static bool IsPasswordArgument(string text)
    {
        var name = text.TrimStart('-');
        return name.Length < text.Length
            && (name.StartsWith("password=", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("passwd=", StringComparison.OrdinalIgnoreCase)
                || name.Equals("password", StringComparison.OrdinalIgnoreCase));
    }

    private static void WarnEntry(YamlEntry entry, ProblemList problems)
    {
        if (IsSecretKey(entry))
            problems.Warning(entry.Key.At,
                $"{entry.Key.Text}: a secret in plain text, not used; "
                    + $"{(IsPassword(entry) ? "log in with an ssh key or agent (identity)" : Instead)}");
        else
            Warn(entry.Value, problems);
    }

    private static bool IsPassword(YamlEntry entry) => entry.Key.Text.StartsWith("pass", StringComparison.OrdinalIgnoreCase);
}
