using System.Text.RegularExpressions;

namespace LbRunbook.Core.Text;

/// <summary>
/// Takes secrets out of text that is about to be shown, logged or journaled: by their known shapes and by the words before them.
/// </summary>
public static partial class Redaction
{
    private const string Mask = "***";

    public static string Apply(string text)
    {
        text = SlackWebhook().Replace(text, "${keep}" + Mask);
        text = Authorization().Replace(text, "${keep}" + Mask);
        text = UrlPassword().Replace(text, "${keep}" + Mask + "@");
        text = AwsKey().Replace(text, Mask);
        text = SlackToken().Replace(text, Mask);
        return Assignment().Replace(text, "${keep}" + Mask);
    }

    [GeneratedRegex(@"(?<keep>https://hooks\.slack\.com/)[^\s""'\\]+", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex SlackWebhook();

    [GeneratedRegex(@"(?i)(?<keep>authorization:\s*\w+\s+|bearer\s+)[^\s""',\\]+", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"(?<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@""']+:)[^\s/@""']+@", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex UrlPassword();

    [GeneratedRegex(@"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex AwsKey();

    [GeneratedRegex(@"\bxox[a-z]-[0-9A-Za-z-]+|\bxapp-[0-9A-Za-z-]+", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex SlackToken();

    [GeneratedRegex(@"(?i)(?<keep>(password|passwd|secret|token|routing_?key|api_?key|private_?key)[""']?\s*[=:]\s*[""']?)[^\s""',;}\\]+",
        RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Assignment();
}
