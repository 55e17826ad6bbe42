using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters;

/// <summary>Runs the proxy's own syntax check and keeps what it had to say.</summary>
internal static class ConfigurationTest
{
    /// <summary>Of our own scripts: what should be tested is not there.</summary>
    public const int NotFound = 66;

    private const int Limit = 300;

    /// <param name="telling">Marks the lines that carry the reason: "[ALERT]", "[emerg]".</param>
    /// <returns>null = passed.</returns>
    /// <exception cref="AdapterException">It could not be run.</exception>
    public static async Task<string?> RunAsync(
        IRemoteShell shell, Node node, string[] command, string telling, CancellationToken cancellation)
    {
        var result = await shell.RunAsync(RemoteHost.Of(node), new RemoteCommand(command) { AsRoot = true }, cancellation);
        if (result.Ok)
            return null;
        // Not found, not allowed, its time was over, or something ended it: the configuration was not what it failed on.
        if (result.ExitCode is NotFound or 126 or 127 or 124 or > 128)
        {
            var said = result.LastLine.Length > 0 ? Printable.Line(result.LastLine) : $"exit code {result.ExitCode}";
            throw new AdapterException(node.Name, "configuration test", $"the test could not be run: {said}");
        }
        return Reason(result, telling);
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
