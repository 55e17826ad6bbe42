using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;

namespace LbRunbook.Lab;

/// <summary>A command on a lab host over SSH, the way an operator would run it.</summary>
internal sealed class LabShell(LabState lab)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);

    public Task<ProcessResult> RunAsync(LabHost host, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        string[] options =
        [
            "-F", "none", "-i", lab.Paths.Key, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o",
            $"UserKnownHostsFile={lab.Paths.KnownHosts}",
            "-o", "GlobalKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=yes", "-o", "ConnectTimeout=2", "-o", "LogLevel=ERROR",
        ];
        // Whatever root's login shell is, the command sees each word as it was typed here.
        string[] arguments = [.. options, $"root@{lab.Addresses.V4(host.Number)}", "--", RemoteCommandLine.ForLoginShell];
        return ChildProcess.RunAsync(new ProcessSpec("ssh", arguments) { StandardInput = RemoteCommandLine.Line(command),
            Timeout = s_limit }, cancellation);
    }
}
