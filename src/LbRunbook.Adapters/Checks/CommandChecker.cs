using System.ComponentModel;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Checks;

/// <summary>A program of the operator's, run here: exit 0 = healthy.</summary>
internal static class CommandChecker
{
    public static async Task<Verdict> RunAsync(CommandCheck check, string host, int port, TimeSpan timeout, CancellationToken limit)
    {
        var words = check.Command.Select(w => w
            .Replace("{host}", host, StringComparison.Ordinal)
            .Replace("{port}", $"{port}", StringComparison.Ordinal)).ToList();
        try
        {
            var result = await ChildProcess.RunAsync(new(words[0], words[1..]) { Timeout = timeout, OutputLimit = 64 * 1024 }, limit);
            if (result.TimedOut)
                throw new OperationCanceledException();
            var said = LastLine(result.Error) ?? LastLine(result.Output);
            return result.Ok
                ? new(true, said ?? $"{words[0]}: exit code 0")
                : new(false, said is null ? $"{words[0]}: exit code {result.ExitCode}" : $"{said} (exit code {result.ExitCode})");
        }
        catch (Win32Exception e)
        {
            return new(false, $"cannot run {words[0]}: {e.Message}");
        }
    }

    private static string? LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
