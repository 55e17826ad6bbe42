using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Reply of <c>show sess</c>: "0x55d…: proto=tcpv4 src=… fe=public be=web srv=web1 …", a line a session.</summary>
internal static class ShowSess
{
    /// <summary>Ids of the sessions with one server.</summary>
    public static IReadOnlyList<string> Of(string text, ServerName server) =>
    [
        .. text.Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && IsId(words[0]) && words.Contains($"be={server.Pool}")
                && words.Contains($"srv={server.Server}"))
            .Select(words => words[0].TrimEnd(':')),
    ];

    private static bool IsId(string word) =>
        word.StartsWith("0x", StringComparison.Ordinal) && word.EndsWith(':') && word[2..^1].All(char.IsAsciiHexDigit);
}
