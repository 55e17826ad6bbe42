using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Checks;

/// <summary>A pool's shallow check of one backend, made on a node: what the node's proxy could reach.</summary>
internal static class RemoteCheck
{
    public static async Task<CheckResult> RunAsync(
        IRemoteShell shell, Node node, Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation)
    {
        var result = await ContainerShell.Outside(shell).RunAsync(
            RemoteHost.Of(node), LookScript.OneCheck(pool, backend, timeout), cancellation);
        return NodeChecks.One(result.Output, pool, timeout);
    }
}
