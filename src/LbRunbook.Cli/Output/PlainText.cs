using LbRunbook.Core.Plans;
using Spectre.Console;

namespace LbRunbook.Cli.Output;

/// <summary>What came from the network, made safe to show: no control characters (a log line could move the cursor), no markup.</summary>
internal static class PlainText
{
    public static string Clean(string text)
    {
        if (!text.Any(char.IsControl))
            return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }

    public static string Markup(string text) => Spectre.Console.Markup.Escape(Clean(text));

    /// <summary>Breaks at spaces; a word longer than the line stays whole, so that what is pasted works.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (var word in Clean(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        if (line.Length > 0)
            yield return line;
    }
}
