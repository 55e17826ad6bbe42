using System.Text.Json.Serialization;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Ports;

/// <summary>
/// Adds servers to a pool of a proxy that runs, and takes out what was added. What the configuration came with is never removed.
/// </summary>
public interface IPoolMembers
{
    /// <summary>What the node's configuration says of the pool.</summary>
    /// <exception cref="AdapterException">It cannot be read, or there is no such pool in it.</exception>
    Task<PoolLines> ReadAsync(string pool, CancellationToken cancellation);

    /// <summary>
    /// Adds it without traffic: in maintenance and with checks switched on (HAProxy: until the next reload only, see
    /// <see cref="WriteLineAsync"/>); on nginx a line with <c>down</c>, loaded.
    /// </summary>
    Task AddAsync(NewServer server, CancellationToken cancellation);

    /// <summary>Takes it out, whatever its state. Transient while it still has connections.</summary>
    Task RemoveAsync(ServerName server, CancellationToken cancellation);

    /// <summary>Writes it into the configuration, for the next reload; nothing is reloaded. HAProxy only.</summary>
    Task WriteLineAsync(NewServer server, CancellationToken cancellation);

    /// <summary>Takes a line that <see cref="WriteLineAsync"/> wrote out again, and no other.</summary>
    Task EraseLineAsync(ServerName server, CancellationToken cancellation);
}

/// <param name="WhyNotWritten">Why no line can be added there; null = it can.</param>
/// <param name="Configured">Servers that the configuration came with.</param>
/// <param name="Added">Servers whose line lbctl wrote.</param>
public sealed record PoolLines(string? WhyNotWritten, IReadOnlyList<string> Configured, IReadOnlyList<string> Added);

/// <summary>A server as it is to be added.</summary>
/// <param name="Address">"host:port".</param>
/// <param name="Weight">At full load.</param>
/// <param name="FirstWeight">With its first traffic.</param>
/// <param name="Options">HAProxy's words between address and weight: "check inter 1s fall 3 rise 2".</param>
public sealed record NewServer(ServerName Name, string Address, int Weight, int FirstWeight, string Options)
{
    /// <summary>At the end of every line that lbctl writes: the only lines that it takes away.</summary>
    public const string Mark = "# lbctl scale-out";

    [JsonIgnore] public string HaproxyLine => $"server {Name.Server} {Address} {Options} weight {Weight} {Mark}";

    /// <param name="more">Words that the pool's other servers have.</param>
    public string NginxLine(params IReadOnlyList<string> more) =>
        $"server {string.Join(' ', [Address, $"weight={FirstWeight}", .. more, "down"])}; {Mark}";
}
