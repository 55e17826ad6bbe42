namespace LbRunbook.Cli.Output.Writing;

/// <summary>What could not be said.</summary>
/// <param name="Reason">The first failure's, as the system words it.</param>
/// <param name="ReaderGone">A pipe whose reader has left, as <c>head</c> does.</param>
/// <param name="Text">The end of it.</param>
internal sealed record Loss(string Reason, bool ReaderGone, string Text)
{
    /// <summary>The outcome of any run fits, and its last steps.</summary>
    private const int LongestText = 16 * 1024;

    private const int BrokenPipe = 32;

    public static Loss Of(Exception e, string text) => new(e.Message, e.HResult == BrokenPipe, Tail(text));

    public Loss And(string text) => this with { Text = Tail(Text + text) };

    /// <summary>Whole lines, where there are any.</summary>
    private static string Tail(string text)
    {
        if (text.Length <= LongestText)
            return text;
        var end = text[^LongestText..];
        return end[(end.IndexOf('\n') + 1)..];
    }
}
