using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters;

/// <summary>Runs the proxy's own syntax check and keeps what it had to say.</summary>
internal static class ConfigurationTest
{
    private const int Limit = 300;

    /// <param name="telling">Marks the lines that carry the reason: "[ALERT]", "[emerg]".</param>
    /// <returns>null = passed.</returns>
    public static async Task<string?> RunAsync(
        IRemoteShell shell, Node node, string[] command, string telling, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(RemoteHost.Of(node), new RemoteCommand(command) { AsRoot = true }, cancellation);
        return result.Ok ? null : Reason(result, telling);
    }

    internal static string Reason(RemoteResult result, string telling)
    {
        var lines = $"{result.Error}\n{result.Output}".Split('\n').Select(Printable.Line).Where(l => l.Length > 0).ToList();
        var reasons = lines.Where(l => l.Contains(telling, StringComparison.OrdinalIgnoreCase)).ToList();
        var text = string.Join("; ", reasons.Count > 0 ? reasons : lines.TakeLast(1));
        return text.Length switch
        {
            0 => $"the configuration test ended with exit code {result.ExitCode}",
            > Limit => text[..(Limit - 1)] + "…",
            _ => text,
        };
    }
}
