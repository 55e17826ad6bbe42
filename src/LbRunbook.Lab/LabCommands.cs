using System.ComponentModel;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Lab;

/// <summary>Runs the machine's own tools (ip, mount, nsenter…); a failure becomes a sentence that says what was being done.</summary>
internal static class LabCommands
{
    public static async Task<string> RunAsync(
        string doing, IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null)
    {
        var result = await TryAsync(arguments, cancellation, input);
        if (result.Ok)
            return result.Output;
        var why = result.TimedOut ? "no answer in time" : LastLine(result.Error.Length > 0 ? result.Error : result.Output);
        throw new LabException(LabProblem.Failed, $"{doing}: {string.Join(' ', arguments)}: {why}{KernelHint(why)}");
    }

    public static async Task<ProcessResult> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellation, string? input = null)
    {
        var spec = new ProcessSpec(arguments[0], [.. arguments.Skip(1)]) { StandardInput = input, Timeout = TimeSpan.FromSeconds(15) };
        try
        {
            return await ChildProcess.RunAsync(spec, cancellation);
        }
        catch (Win32Exception missing)
        {
            throw new LabException(LabProblem.Refused, $"{arguments[0]} cannot be run: {missing.Message}");
        }
    }

    private static string LastLine(string text) => text.Trim().Split('\n')[^1].Trim();

    private static string KernelHint(string why) =>
        why.Contains("Unknown device type", StringComparison.Ordinal) || why.Contains("not supported", StringComparison.OrdinalIgnoreCase)
            || why.Contains("unknown filesystem type", StringComparison.Ordinal) || why.Contains("No such device", StringComparison.Ordinal)
            ? " (this kernel lacks the feature)"
            : "";
}
