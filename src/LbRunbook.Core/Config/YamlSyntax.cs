using YamlDotNet.Core;

namespace LbRunbook.Core.Config;

/// <summary>Says in the operator's words what the YAML scanner could not read.</summary>
internal static class YamlSyntax
{
    public static string Describe(string text, YamlException error)
    {
        var line = LineAt(text, error.Start.Line);
        if (line.AsSpan(0, line.Length - line.AsSpan().TrimStart(" \t").Length).Contains('\t'))
            return "a tab in the indentation; YAML allows only spaces there";
        return "this is not YAML: " + Reason(error);
    }

    // YamlDotNet's message may begin with "(Line: 1, Col: 2, Idx: 3) - (Line: …): ", which the position says already.
    private static string Reason(YamlException error)
    {
        var message = error.Message;
        var end = message.StartsWith("(Line:", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        if (end >= 0) message = message[(end + 3)..];
        message = message.Trim().TrimEnd('.');
        return message.Length > 1 && char.IsUpper(message[0]) && char.IsLower(message[1]) ? char.ToLowerInvariant(message[0]) + message[1..] : message;
    }

    private static string LineAt(string text, long number)
    {
        using var reader = new StringReader(text);
        for (long i = 1; i < number && reader.ReadLine() is not null; i++) { }
        return reader.ReadLine() ?? "";
    }
}
