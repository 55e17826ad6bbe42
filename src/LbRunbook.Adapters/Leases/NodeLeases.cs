using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Leases;

/// <summary>Leases as files in /run of the nodes, kept by lease.sh.</summary>
internal sealed class NodeLeases(IRemoteShell shell) : ILeases
{
    /// <summary>It takes milliseconds, on a node that has time; a silent one is given up by the look, long before this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Tests have their own.</summary>
    public Func<Node, LeasePaths> PathsOf { get; init; } = _ => LeasePaths.Default;

    public Task<LeaseReply> TakeAsync(Node node, LeaseClaim claim, string? insteadOf, CancellationToken cancellation) =>
        RunAsync(node, "take", claim.Cluster, claim.Id, claim, insteadOf, boot: "", cancellation);

    public Task<LeaseReply> RenewAsync(Node node, LeaseClaim claim, string boot, CancellationToken cancellation) =>
        RunAsync(node, "renew", claim.Cluster, claim.Id, claim, insteadOf: null, boot, cancellation);

    public Task ReleaseAsync(Node node, LeaseClaim claim, CancellationToken cancellation) =>
        RunAsync(node, "release", claim.Cluster, claim.Id, claim: null, insteadOf: null, boot: "", cancellation);

    public Task<LeaseReply> ReadAsync(Node node, string cluster, CancellationToken cancellation) =>
        RunAsync(node, "read", cluster, id: "", claim: null, insteadOf: null, boot: "", cancellation);

    public Task<LeaseReply> BreakAsync(Node node, string cluster, string? id, CancellationToken cancellation) =>
        RunAsync(node, "break", cluster, id ?? "unreadable", claim: null, insteadOf: null, boot: "", cancellation);

    private async Task<LeaseReply> RunAsync(
        Node node, string operation, string cluster, string id, LeaseClaim? claim, string? insteadOf, string boot,
        CancellationToken cancellation)
    {
        var paths = PathsOf(node);
        var hundredths = (long)((claim?.TimeToLive ?? TimeSpan.Zero).TotalMilliseconds / 10);
        var command = RemoteCommand.Script(
            EmbeddedScript.Read("lease.sh"),
            operation,
            cluster,
            id,
            hundredths.ToString(CultureInfo.InvariantCulture),
            insteadOf ?? "",
            boot,
            claim is null ? "" : LeaseText.Write(claim.Holder),
            node.Ssh.Sudo ? "sudo" : "",
            paths.Directory,
            paths.Proc) with
        {
            Name = $"lease {operation}",
            Timeout = Patience < node.Ssh.CommandTimeout ? Patience : node.Ssh.CommandTimeout,
            OutputLimit = 16 * 1024,
        };
        var result = await shell.RunAsync(RemoteHost.Of(node), command, cancellation);
        return result.Ok && LeaseReport.Parse(result.Output) is { } reply
            ? reply
            : new(LeaseState.Unusable)
            {
                Why = result.LastLine is { Length: > 0 } said ? Printable.Line(said) : $"lease.sh ended with {result.ExitCode}",
            };
    }
}

/// <param name="Directory">Gone with a reboot, and not for every login: see lease.sh.</param>
/// <param name="Proc">Where the kernel tells its uptime.</param>
internal sealed record LeasePaths(string Directory, string Proc)
{
    public static LeasePaths Default { get; } = new("/run/lbctl-lease", "/proc");

    public string FileOf(string cluster) => $"{Directory}/lease.{cluster}";
}
