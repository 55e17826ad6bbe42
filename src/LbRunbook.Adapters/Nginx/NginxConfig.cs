using System.Runtime.InteropServices;
using System.Text;

namespace LbRunbook.Adapters.Nginx;

/// <summary>A directive with its arguments; a block has children.</summary>
internal sealed record NginxDirective(IReadOnlyList<string> Words, IReadOnlyList<NginxDirective> Children, bool IsBlock)
{
    /// <summary>Where each word stands in its file's text, and at last the ";" or "{".</summary>
    public IReadOnlyList<NginxSpan> Spans { get; init; } = [];

    public string Name => Words.Count > 0 ? Words[0] : "";
}

/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset after its last one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NginxSpan(int Start, int End);

/// <summary>
/// One configuration file, read by nginx's own rules: a quote counts only at
/// the start of a word, <c>#</c> only between words, <c>${</c> does not open a block.
/// Text that is not a configuration yields what could be made of it and never an exception.
/// </summary>
internal static class NginxConfig
{
    /// <summary>Deeper nesting than this is no nginx configuration.</summary>
    private const int MaximumDepth = 64;

    public static IReadOnlyList<NginxDirective> Parse(string text)
    {
        var tokens = Tokenise(text);
        var position = 0;
        var top = new List<NginxDirective>();
        // A stray "}" must not end the reading of what comes after it.
        while (position < tokens.Count)
            top.AddRange(Block(tokens, ref position, 0));
        return top;
    }

    private static List<NginxDirective> Block(List<Token> tokens, ref int position, int depth)
    {
        var directives = new List<NginxDirective>();
        var words = new List<string>();
        var spans = new List<NginxSpan>();
        while (position < tokens.Count)
        {
            var token = tokens[position++];
            spans.Add(token.Span);
            if (token.Kind == TokenKind.Word)
                words.Add(token.Text);
            else if (token.Kind == TokenKind.Close)
                return directives;
            else
            {
                IReadOnlyList<NginxDirective> children =
                    token.Kind == TokenKind.Open && depth < MaximumDepth ? Block(tokens, ref position, depth + 1) : [];
                directives.Add(new([.. words], children, token.Kind == TokenKind.Open) { Spans = [.. spans] });
                words.Clear();
                spans.Clear();
            }
        }
        return directives;
    }

    private enum TokenKind { Word, Open, Close, End }

    private readonly record struct Token(TokenKind Kind, string Text, NginxSpan Span);

    private static List<Token> Tokenise(string text)
    {
        var tokens = new List<Token>();
        for (var i = 0; i < text.Length;)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
                i++;
            else if (c == '#')
                i = text.IndexOf('\n', i) is >= 0 and var end ? end : text.Length;
            else if (c is '{' or '}' or ';')
            {
                tokens.Add(new(c switch { '{' => TokenKind.Open, '}' => TokenKind.Close, _ => TokenKind.End }, "", new(i, i + 1)));
                i++;
            }
            else
            {
                var start = i;
                var word = Word(text, ref i);
                tokens.Add(new(TokenKind.Word, word, new(start, i)));
            }
        }
        return tokens;
    }

    private static string Word(string text, ref int i)
    {
        var quote = text[i] is '"' or '\'' ? text[i++] : '\0';
        var word = new StringBuilder();
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && i + 1 < text.Length)
            {
                Escape(word, text[++i]);
                continue;
            }
            if (quote != '\0' && c == quote)
            {
                i++;
                break;
            }
            var variable = c == '{' && word.Length > 0 && word[^1] == '$';
            if (quote == '\0' && !variable && (char.IsWhiteSpace(c) || c is ';' or '{'))
                break;
            word.Append(c);
        }
        return word.ToString();
    }

    /// <summary>nginx keeps the backslash of what it does not know, so that regular expressions survive.</summary>
    private static void Escape(StringBuilder word, char c)
    {
        if (c is not ('"' or '\'' or '\\' or 't' or 'r' or 'n'))
            word.Append('\\');
        word.Append(c switch { 't' => '\t', 'r' => '\r', 'n' => '\n', _ => c });
    }
}
