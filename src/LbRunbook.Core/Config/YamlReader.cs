using LbRunbook.Core.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LbRunbook.Core.Config;

/// <summary>
/// Parser events → tree with positions. YamlDotNet's own tree (YamlStream) is not used: it throws at the first
/// duplicate key, which would hide every other problem, and it expands aliases, which a hostile file can make huge.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The format itself needs six levels.</summary>
    private const int DeepestNesting = 16;

    private readonly Parser parser;
    private readonly ProblemList problems;

    private YamlReader(string text, ProblemList problems)
    {
        parser = new Parser(new StringReader(text));
        this.problems = problems;
    }

    /// <summary>The document's root, or null when there is none or the text is not YAML (reported then).</summary>
    public static YamlValue? Read(string text, ProblemList problems)
    {
        var reader = new YamlReader(text, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            var (at, message) = YamlSyntax.Describe(text, e);
            problems.Error(at, message);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException
            or OverflowException)
        {
            // The scanner of YamlDotNet lets a few of these escape on malformed escapes and tags.
            problems.Error(reader.parser.Current is { } last ? At(last.Start) : Position.Start, "this is not YAML: " + e.Message);
        }
        return null;
    }

    private YamlValue? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _)) return null;
        parser.Consume<DocumentStart>();
        var root = ReadValue(depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
            problems.Error(At(second.Start),
                "a second document begins here; a file holds one cluster (several clusters: one file each under clusters/)");
        return root;
    }

    private YamlValue ReadValue(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse(At(alias.Start),
                $"the alias *{Shown.Clip(alias.Value.Value)} is not supported; write the value out (what hosts share belongs "
                    + "under the top-level ssh:)");
        var node = parser.Consume<NodeEvent>();
        var at = At(node.Start);
        if (!node.Anchor.IsEmpty)
            problems.Error(at, $"the anchor &{Shown.Clip(node.Anchor.Value)} is not supported; write the value out where it is needed");
        if (!node.Tag.IsEmpty)
            problems.Error(at, $"the tag {Shown.Clip(node.Tag.Value)} is not supported; write the plain value");
        return node switch
        {
            Scalar scalar => new YamlScalar(at, scalar.Value, scalar.Style is ScalarStyle.Plain),
            SequenceStart => depth < DeepestNesting ? ReadList(at, depth) : SkipNested(at),
            MappingStart => depth < DeepestNesting ? ReadMap(at, depth) : SkipNested(at),
            _ => Refuse(at, "this is not a value"),
        };
    }

    private YamlList ReadList(Position at, int depth)
    {
        var items = new List<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadValue(depth + 1));
        return new YamlList(at, items);
    }

    private YamlMap ReadMap(Position at, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadValue(depth + 1);
            var value = ReadValue(depth + 1);
            if (key is YamlScalar { Text: "<<", IsPlain: true })
                problems.Error(key.At, "the merge key << is not supported; write the keys out");
            else if (key is not YamlScalar name)
                Refuse(key.At, "a key must be text");
            else if (seen.TryAdd(name.Text, name.At))
                entries.Add(new YamlEntry(name, value));
            else
                problems.Error(name.At, $"the key {Shown.Quoted(name.Text)} is there twice; the first is in line {seen[name.Text].Line}");
        }
        return new YamlMap(at, entries);
    }

    private YamlRefused SkipNested(Position at)
    {
        for (var open = 1; open > 0;)
            open += parser.Consume<ParsingEvent>().NestingIncrease;
        return Refuse(at, $"nested too deeply; at most {DeepestNesting} levels");
    }

    private YamlRefused Refuse(Position at, string message)
    {
        problems.Error(at, message);
        return new YamlRefused(at);
    }

    private static Position At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
