using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>
/// What spreads traffic over the servers of its pools, in one place: the proxy of one load-balancer machine. What it can do beyond that is
/// said by its kind (<see cref="BalancerAbilities"/>). What is set lasts until its next reload, unless it is kept.
/// </summary>
public interface IBalancer
{
    /// <summary>Servers that come and go.</summary>
    IPoolMembers Members { get; }

    /// <summary>Letting its clients go.</summary>
    IPoliteClosing Closing { get; }

    /// <summary>Never throws for one that does not answer: that is <c>Answers = false</c> with the error.</summary>
    Task<ProxyState> ReadAsync(CancellationToken cancellation);

    /// <returns>null = the configuration test passed; else what it printed (first lines).</returns>
    /// <exception cref="AdapterException">It could not be run, so that nothing is known.</exception>
    Task<string?> TestConfigurationAsync(CancellationToken cancellation);

    /// <summary>Idempotent. Ready takes traffic at once, before any check: see <see cref="Steps.ServerReturnStep"/>.</summary>
    Task SetStateAsync(ServerName server, AdminState state, CancellationToken cancellation);

    /// <param name="weight">0 to 256, absolute.</param>
    Task SetWeightAsync(ServerName server, int weight, CancellationToken cancellation);

    /// <summary>Whether the server's own agent may set its state and weight; only where one is configured.</summary>
    Task SetAgentAsync(ServerName server, bool speaks, CancellationToken cancellation);

    /// <summary>Ends every session with the server now; clients get an error. Old workers are asked, too.</summary>
    Task EndSessionsAsync(ServerName server, CancellationToken cancellation);

    /// <returns>Null = what is set can be made to last through a reload; else why not, with the line that is missing.</returns>
    Task<string?> WhyNotKeptAsync(CancellationToken cancellation);

    /// <summary>
    /// Writes down what is set now, so that the next reload starts with it (HAProxy: the server state file, which HAProxy itself only
    /// ever reads). Must follow every change: an old file would bring an old state back.
    /// </summary>
    Task KeepAsync(CancellationToken cancellation);

    /// <summary>The pool's shallow check, made in that place: for a balancer that does not check its servers.</summary>
    Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation);
}

/// <param name="Pool">Its name there (HAProxy backend, nginx upstream).</param>
/// <param name="Server">Its name there; on nginx "host:port".</param>
public sealed record ServerName(string Pool, string Server)
{
    public override string ToString() => $"{Pool}/{Server}";
}
