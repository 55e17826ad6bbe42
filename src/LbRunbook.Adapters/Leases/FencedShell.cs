using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Leases;

/// <summary>
/// Every command is checked against the lease on its node, by the node, right before it starts there. A check here would say nothing:
/// this process may be stopped between the check and the command for as long as anybody likes.
/// </summary>
internal sealed class FencedShell(IRemoteShell inner, LeaseFence fence) : IRemoteShell
{
    private const int Refused = 78;
    private const string Mark = "lbctl-fenced";

    public LeasePaths Paths { get; init; } = LeasePaths.Default;

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        if (!fence.Nodes.Contains(host.Name))
            return await inner.RunAsync(host, command, cancellation);
        // The check needs no root, and only the command itself has a sudo rule.
        var sudo = RemoteCommandLine.NeedsSudo(command, host.Ssh);
        var result = await inner.RunAsync(host,
            command with { Name = command.Name, Arguments = Behind(command.Arguments, sudo), AsRoot = false }, cancellation);
        if (result.ExitCode == Refused && result.Error.Contains(Mark, StringComparison.Ordinal))
            throw Late(host, command.Name);
        return sudo ? SudoFailure.Check(host, command.Name, result) : result;
    }

    /// <summary>A socket has no place for a check of ours: it is asked for first.</summary>
    public async Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        if (fence.Nodes.Contains(host.Name))
            await RunAsync(host, new RemoteCommand("true") { Name = "lease check" }, cancellation);
        return await inner.ExchangeAsync(host, socketPath, request, timeout, cancellation);
    }

    private string[] Behind(IReadOnlyList<string> arguments, bool sudo) =>
    [
        "sh", "-c", EmbeddedScript.Read("fence.sh"), "lbctl-fence", Paths.FileOf(fence.Cluster), fence.Id, Paths.Proc,
        .. sudo ? (string[])["sudo", "-n", "--"] : [], .. arguments,
    ];

    private static AdapterException Late(RemoteHost host, string name) => new(host.Name, name,
        $"the lease on {host.Name} is not this run's any more (it expired, or somebody took it over), so {name} was not started there");
}
