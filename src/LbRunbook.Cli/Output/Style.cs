namespace LbRunbook.Cli.Output;

/// <summary>
/// The few styles of the program. Only the basic colours: they are readable on dark and on light, and a word or a sign always says the
/// same.
/// </summary>
internal sealed class Style(bool colour)
{
    public string Bold(string text) => Wrap("1", text);
    public string Dim(string text) => Wrap("2", text);
    public string Good(string text) => Wrap("32", text);
    public string Warn(string text) => Wrap("33", text);
    public string Bad(string text) => Wrap("31", text);
    public string Command(string text) => Wrap("36", text);

    private string Wrap(string code, string text) => colour ? $"\e[{code}m{text}\e[0m" : text;
}
