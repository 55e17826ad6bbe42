using System.Text;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>RFC 4180 records of HAProxy's statistics. A quoted field may hold commas, quotes and line ends.</summary>
internal static class Csv
{
    /// <summary>Reads records until an empty line or the end of the text.</summary>
    /// <param name="complete">An empty line ended the table; without it the reply was cut off.</param>
    public static List<string[]> Read(ReadOnlySpan<char> text, out bool complete)
    {
        var records = new List<string[]>();
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        complete = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (c == '"')
                quoted = !quoted;
            else if (quoted || c is not (',' or '\n'))
                field.Append(c);
            else if (c == ',')
                Next();
            else if (fields.Count == 0 && field.ToString().Trim().Length == 0)
            {
                complete = true;
                return records;
            }
            else
            {
                Next();
                records.Add([.. fields]);
                fields.Clear();
            }
        }
        return records;

        void Next()
        {
            fields.Add(field.ToString());
            field.Clear();
        }
    }
}
