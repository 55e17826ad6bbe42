using System.Globalization;
using LbRunbook.Core.Plans;
using Spectre.Console;

namespace LbRunbook.Cli.Output;

/// <summary>
/// Spectre consoles for our two streams: the terminal's width there, a fixed one in a pipe; ANSI only where it is wanted.
/// </summary>
internal static class Screen
{
    /// <summary>Wide enough that nothing needs to be cut in a log.</summary>
    private const int PipeWidth = 120;
    private const int NarrowestWidth = 60;

    public static IAnsiConsole Out(Streams streams) => Of(streams.Out, streams.ColourOut, streams.OutIsTerminal);
    public static IAnsiConsole Error(Streams streams) => Of(streams.Error, streams.ColourError, streams.ErrorIsTerminal);

    public static IAnsiConsole Of(TextWriter writer, bool colour, bool terminal, int? width = null)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            // The sixteen colours of the terminal's own theme: the only ones that its owner chose to be readable.
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Math.Max(NarrowestWidth, width ?? WidthOf(terminal));
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static int WidthOf(bool terminal)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            && columns > 0)
            return columns;
        return terminal ? TerminalWidth(PipeWidth) : PipeWidth;
    }

    /// <summary>Also of a terminal that has just gone.</summary>
    public static int TerminalWidth(int otherwise)
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : otherwise;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return otherwise;
        }
    }
}
