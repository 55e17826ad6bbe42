using System.CommandLine;
using System.CommandLine.Parsing;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli;

/// <summary>The command line that was typed, as text for <c>Next:</c>, with an option put in or taken out.</summary>
internal static class CommandText
{
    public static string Of(ParseResult parse) => Join(Words(parse, without: null));

    public static string Without(ParseResult parse, string option) => Join(Words(parse, option));

    /// <summary>The option goes first, where no <c>--</c> and no verb's own arguments can swallow it.</summary>
    public static string With(ParseResult parse, string option, string value, string? without = null) =>
        Join([option, value, .. Words(parse, without ?? option)]);

    /// <summary>As <see cref="With"/>, for one word such as <c>--lab=NAME</c>, whose value is optional and so needs the '='.</summary>
    public static string WithWord(ParseResult parse, string word, string without) => Join([word, .. Words(parse, without)]);

    private static List<string> Words(ParseResult parse, string? without)
    {
        var words = new List<string>();
        var skipping = false;
        foreach (var token in parse.Tokens)
        {
            // The value of an option that is taken out goes with it.
            var isValue = skipping && token.Type == TokenType.Argument;
            skipping = token.Type == TokenType.Option && token.Value == without;
            if (isValue || skipping) continue;
            // "--lab lab" would be the verb lab: an optional value stays attached.
            if (token.Type == TokenType.Argument && words is [.., "--lab"])
                words[^1] += "=" + token.Value;
            else
                words.Add(token.Value);
        }
        return words;
    }

    private static string Join(IEnumerable<string> words) => string.Join(' ', words.Prepend("lbctl").Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
