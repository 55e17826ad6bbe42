namespace LbRunbook.Cli.Output;

/// <summary>stdout is the result; stderr is progress, prompts and errors. Injected, so that tests can read them.</summary>
/// <param name="Out">The result.</param>
/// <param name="Error">Everything else.</param>
/// <param name="In">Answers to prompts.</param>
internal sealed record Streams(TextWriter Out, TextWriter Error, TextReader In)
{
    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    public bool InIsTerminal { get; init; }

    /// <summary>Colour is decided per stream: a terminal, no NO_COLOR, TERM other than dumb.</summary>
    public bool ColourOut => OutIsTerminal && ColourWanted;
    public bool ColourError => ErrorIsTerminal && ColourWanted;
    public bool ColourWanted { get; init; } = true;

    public static Streams OfProcess() => new(Console.Out, Console.Error, Console.In)
    {
        OutIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        InIsTerminal = !Console.IsInputRedirected,
        ColourWanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
    };
}
