using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>The servers of a pool as one proxy runs them. What is set lasts until the proxy's next reload, unless it is kept.</summary>
public interface IProxyServers
{
    /// <summary>Idempotent. Ready takes traffic at once, before any check: see <see cref="Steps.ServerReturnStep"/>.</summary>
    Task SetStateAsync(Node node, ServerName server, AdminState state, CancellationToken cancellation);

    /// <param name="weight">0 to 256, absolute.</param>
    Task SetWeightAsync(Node node, ServerName server, int weight, CancellationToken cancellation);

    /// <summary>Ends every session with the server now; clients get an error. Old workers are asked, too.</summary>
    Task EndSessionsAsync(Node node, ServerName server, CancellationToken cancellation);

    /// <returns>Null = what is set can be made to last through a reload; else why not, with the line that is missing.</returns>
    Task<string?> WhyNotKeptAsync(Node node, CancellationToken cancellation);

    /// <summary>
    /// Writes down what is set now, so that the proxy's next reload starts with it (HAProxy: the server state file, which HAProxy itself
    /// only ever reads). Must follow every change: an old file would bring an old state back.
    /// </summary>
    Task KeepAsync(Node node, CancellationToken cancellation);

    /// <summary>The pool's shallow check, made on the node itself: for a proxy that does not check its servers.</summary>
    Task<CheckResult> CheckAsync(Node node, Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation);
}

/// <param name="Pool">Its name in the proxy (HAProxy backend, nginx upstream).</param>
/// <param name="Server">Its name in the proxy; on nginx "host:port".</param>
public sealed record ServerName(string Pool, string Server)
{
    public override string ToString() => $"{Pool}/{Server}";
}
