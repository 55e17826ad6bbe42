namespace LbRunbook.Adapters;

internal static class Printable
{
    /// <summary>
    /// One trimmed line without control characters: text of a remote daemon may end up on the operator's terminal,
    /// and a backend chooses part of it (its HTTP status line).
    /// </summary>
    public static string Line(string text) =>
        (text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text).Trim();
}
