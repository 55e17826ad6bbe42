using YamlDotNet.Core;

namespace LbRunbook.Core.Config;

/// <summary>Says in the operator's words, and at the right place, what the YAML scanner could not read.</summary>
internal static class YamlSyntax
{
    public static (Position At, string Message) Describe(string text, YamlException error)
    {
        var lines = text.Split('\n');
        // An end that came too early is reported behind the last line.
        if (error.Start.Line > lines.Length)
            return (new Position(lines.Length, lines[^1].Length + 1), "this is not YAML: " + Reason(error));
        var at = new Position((int)Math.Max(1, error.Start.Line), (int)Math.Max(1, error.Start.Column));
        // The scanner points at the mapping around the tab; the tab itself is in that line or a later one.
        var tabbed = error.Message.Contains("tab", StringComparison.Ordinal) ? Array.FindIndex(lines, at.Line - 1, HasTabInIndentation)
            : HasTabInIndentation(lines[at.Line - 1]) ? at.Line - 1
            : -1;
        return tabbed < 0
            ? (at, "this is not YAML: " + Reason(error))
            : (new Position(tabbed + 1, lines[tabbed].IndexOf('\t', StringComparison.Ordinal) + 1),
                "a tab in the indentation; YAML allows only spaces there");
    }

    private static bool HasTabInIndentation(string line) =>
        line.AsSpan(0, line.Length - line.AsSpan().TrimStart(" \t").Length).Contains('\t');

    // YamlDotNet's message may begin with "(Line: 1, Col: 2, Idx: 3) - (Line: …): ", which the position says already.
    private static string Reason(YamlException error)
    {
        var message = error.Message;
        var end = message.StartsWith("(Line:", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        if (end >= 0) message = message[(end + 3)..];
        message = message.Trim().TrimEnd('.');
        return message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1])
            ? char.ToLowerInvariant(message[0]) + message[1..]
            : message;
    }
}
