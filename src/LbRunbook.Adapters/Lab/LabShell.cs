using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Lab;

/// <summary>A command on a lab host over SSH, the way an operator would run it.</summary>
internal sealed class LabShell(LabState lab)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public Task<ProcessResult> RunAsync(LabHost host, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        string[] options =
        [
            "-F", "none", "-i", lab.Paths.Key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", $"UserKnownHostsFile={lab.Paths.KnownHosts}",
            "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=2", "-o", "LogLevel=ERROR",
        ];
        string[] arguments = [.. options, $"root@{lab.Addresses.V4(host.Number)}", "--", string.Join(' ', command.Select(Quote))];
        return ChildProcess.RunAsync(new ProcessSpec("ssh", arguments) { Timeout = s_limit }, cancellation);
    }

    /// <summary>The remote shell sees each word as it was typed here.</summary>
    private static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
