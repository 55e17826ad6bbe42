using System.Text;

namespace LbRunbook.Core.Text;

/// <summary>Foreign text inside a message: bounded, on one line, unable to steer the terminal.</summary>
internal static class Shown
{
    private const int Longest = 60;

    public static string Quoted(string text) => $"'{Clip(text)}'";

    public static string Clip(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= Longest) return shown.Append('…').ToString();
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069))
                shown.Append($"\\u{rune.Value:x4}");
            else
                shown.Append(rune.ToString());
        }
        return shown.ToString();
    }
}
