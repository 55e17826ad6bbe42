using System.ComponentModel;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Fencing;

/// <summary>A fence agent, or its confirmation: a program of this machine. Exit 0 is its word that it worked.</summary>
internal static class FenceCommand
{
    public static async Task<FenceReport> RunAsync(
        Node node, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellation)
    {
        var words = command.Select(w => w
            .Replace("{host}", node.Host, StringComparison.Ordinal)
            .Replace("{node}", node.Name, StringComparison.Ordinal)).ToList();
        try
        {
            var result = await ChildProcess.RunAsync(new(words[0], words[1..]) { Timeout = timeout, OutputLimit = 64 * 1024 },
                cancellation);
            var said = LastLine(result.Error) ?? LastLine(result.Output);
            var detail = result.TimedOut
                ? $"no end within {timeout.TotalSeconds:0.#} s, stopped"
                : $"exit code {result.ExitCode}{(said is null ? "" : $", {said}")}";
            return new(Acted: true, result.Ok, detail);
        }
        catch (Win32Exception e)
        {
            return new(Acted: false, Worked: false, $"cannot run {words[0]}: {Printable.Line(e.Message)}");
        }
    }

    /// <summary>Agents repeat their arguments when they fail.</summary>
    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() is { } line
            ? Redaction.Apply(Printable.Line(line))
            : null;
}
