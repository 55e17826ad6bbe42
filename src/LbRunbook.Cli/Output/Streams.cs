using LbRunbook.Cli.Output.Writing;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output;

/// <summary>
/// stdout is the result; stderr is progress, prompts and errors. Injected, so that tests can read them. Those of the process neither throw
/// nor wait (<see cref="SafeWriter"/>): nobody who writes needs to think of a full disk.
/// </summary>
internal sealed record Streams(TextWriter Out, TextWriter Error, TextReader In)
{
    private OutputPump? Pump { get; init; }

    public bool OutIsTerminal { get; init; }
    public bool ErrorIsTerminal { get; init; }
    public bool InIsTerminal { get; init; }

    /// <summary>Colour is decided per stream: a terminal, no NO_COLOR, TERM other than dumb.</summary>
    public bool ColourOut => OutIsTerminal && ColourWanted;
    public bool ColourError => ErrorIsTerminal && ColourWanted;
    public bool ColourWanted { get; init; } = true;

    /// <summary>What could not be said so far; null = nothing.</summary>
    public Loss? OutLoss => (Out as SafeWriter)?.Loss;
    public Loss? ErrorLoss => (Error as SafeWriter)?.Loss;

    public static Streams OfProcess()
    {
        var windows = OperatingSystem.IsWindows();
        var streams = Guarded(
            windows ? Console.Out : new DescriptorWriter(1),
            windows ? Console.Error : new DescriptorWriter(2),
            new SafeReader(() => windows || DescriptorWriter.IsGiven(0) ? Console.In : TextReader.Null));
        // Whoever writes to the console directly (a library, the log) writes here.
        Console.SetOut(streams.Out);
        Console.SetError(streams.Error);
        return streams with
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            InIsTerminal = !Console.IsInputRedirected,
            ColourWanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };
    }

    public static Streams Guarded(TextWriter output, TextWriter error, TextReader input)
    {
        var pump = new OutputPump();
        return new(new SafeWriter(output, pump), new SafeWriter(error, pump), input) { Pump = pump };
    }

    /// <summary>Waits until all that was said is written, or lost, or nobody wants to wait any more.</summary>
    public void Drain(Func<TimeSpan, bool> goOn) => Pump?.Drain(goOn);

    public void Drain(TimeSpan limit) => Drain(waited => waited < limit);
}
