using System.Text.RegularExpressions;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Keepalived;

/// <param name="Text">With its parameters filled in and its condition taken off.</param>
/// <param name="Line">Zero-based, where the text stands; of a definition of many lines, where it is used.</param>
/// <param name="Derived">It stands there for more than one thing (a definition, a sequence): changed there, it would change them
/// all.</param>
internal sealed record KeepalivedLine(string Text, KeepalivedFile File, int Line, bool Derived);

/// <summary>
/// The lines of one file as keepalived comes to see them: conditions decided, parameters and definitions of many lines filled in,
/// sequences and lists written out. See "ADVANCED CONFIGURATION" in keepalived.conf(5).
/// </summary>
/// <param name="configId">Lines that begin with <c>@id</c> count only where it is this one.</param>
internal sealed partial class KeepalivedLines(string configId)
{
    /// <summary>A definition that uses itself would go on for ever.</summary>
    private const int MaximumDepth = 32;

    /// <summary>As a bound for all files together: includes of includes and sequences of sequences multiply.</summary>
    private const int MaximumLines = 100_000;

    private readonly Dictionary<string, string[]> _defined = new() { ["_INSTANCE"] = [configId] };
    private int _lines;

    public IEnumerable<KeepalivedLine> Of(KeepalivedFile file)
    {
        for (var line = 0; line < file.Lines.Count; line++)
        {
            var start = line;
            var text = KeepalivedSyntax.WithoutComment(file.Lines[line]).Trim();
            var more = new List<string>();
            var mayGoOn = Definition().IsMatch(text);
            while (mayGoOn && text.EndsWith('\\') && line + 1 < file.Lines.Count)
            {
                more.Add(text[..^1].Trim());
                text = KeepalivedSyntax.WithoutComment(file.Lines[++line]).Trim();
            }
            more.Add(text);
            foreach (var seen in Fill(new(more[0], file, start, Derived: false), more, 0))
                yield return seen;
        }
    }

    /// <param name="lines">The line itself, and those that it goes on with.</param>
    private IEnumerable<KeepalivedLine> Fill(KeepalivedLine line, IReadOnlyList<string> lines, int depth)
    {
        if (++_lines > MaximumLines || depth > MaximumDepth)
            yield break;
        var text = line.Text;
        if (text.StartsWith('@'))
        {
            var condition = text.Split((char[])[' ', '\t'], 2);
            if (!IsOurs(condition[0]))
                yield break;
            text = condition.Length > 1 ? condition[1].Trim() : "";
        }
        if (Definition().Match(text) is { Success: true } definition)
        {
            _defined[definition.Groups["name"].Value] = Tidy([definition.Groups["value"].Value.Trim(), .. lines.Skip(1)]);
            yield break;
        }
        if (KeepalivedSequence.Of(text) is { } sequence)
        {
            foreach (var each in sequence.Values)
            {
                foreach (var (variable, one) in each)
                    _defined[variable] = [one];
                foreach (var seen in Fill(line with { Text = sequence.Rest, Derived = true }, [sequence.Rest], depth + 1))
                    yield return seen;
            }
            yield break;
        }
        _defined["_PWD"] = [line.File.Folder];
        if (Use().Matches(text).FirstOrDefault(u => _defined.ContainsKey(u.Groups["name"].Value)) is not { } use)
        {
            yield return line with { Text = text };
            yield break;
        }
        var value = _defined[use.Groups["name"].Value];
        var (before, after) = (text[..use.Index], text[(use.Index + use.Length)..]);
        string[] filled = value.Length == 1
            ? [before + value[0] + after]
            : [before + value[0], .. value[1..^1], value[^1] + after];
        // A definition among the lines of a definition takes the one line that it is.
        foreach (var next in filled.Where(f => f.Length <= 4096))
            foreach (var seen in Fill(line with { Text = next.Trim(), Derived = line.Derived || filled.Length > 1 }, [next], depth + 1))
                yield return seen;
    }

    /// <summary>The first line of a definition of many lines is what stands behind its name: mostly nothing.</summary>
    private static string[] Tidy(string[] value) => value.Length > 1 && value[0].Length == 0 ? value[1..] : value;

    private bool IsOurs(string condition) => condition switch
    {
        ['@', '^', .. var other] => other != configId,
        ['@', .. var id] => id == configId,
        _ => true,
    };

    [GeneratedRegex(@"^(@\S+\s+)?\$(?<name>[A-Za-z_][A-Za-z0-9_]*)=(?<value>.*)$", RegexOptions.ExplicitCapture, Patterns.Patience)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)\}|(?<name>[A-Za-z_][A-Za-z0-9_]*)(?=\s|$))", RegexOptions.ExplicitCapture,
        Patterns.Patience)]
    private static partial Regex Use();
}
