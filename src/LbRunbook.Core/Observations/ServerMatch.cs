using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>
/// Whether a server of a proxy is a backend of the configuration: by address and port, for that is the machine that gets the traffic. Its
/// name is a hint, which counts where no address is to be had: two nodes may have the same name for two machines.
/// </summary>
internal static class ServerMatch
{
    public static bool Is(ServerState server, Pool pool, Backend backend)
    {
        if (server.Pool != pool.NameInProxy)
            return false;
        if (server.Fqdn is { } name && !server.IsSlot && name.Equals(backend.Host, StringComparison.OrdinalIgnoreCase))
            return FitsPort(Endpoint(server.Address), backend.Port);
        // A slot is whatever fills it; while nobody does, it is nobody.
        var named = server.Server == backend.Name && !server.IsSlot;
        if (server.HasNoAddress || Endpoint(server.Address) is not { } at)
            return named || (!server.HasNoAddress && server.Server == backend.Address);
        if (!FitsPort(at, backend.Port))
            return false;
        return (IPAddress.TryParse(at.Host, out var address), IPAddress.TryParse(backend.Host, out var wanted)) switch
        {
            (true, true) => Plain(address!).Equals(Plain(wanted!)),
            (false, false) => at.Host.Equals(backend.Host, StringComparison.OrdinalIgnoreCase),
            // One of the two is a name that we do not look up: it may have another address over there.
            _ => named,
        };
    }

    /// <summary>All servers of the proxy that are this machine, the one with its name first: two of them may stand for it.</summary>
    public static IEnumerable<ServerState> All(ProxyState? proxy, Pool pool, Backend backend) =>
        (proxy?.Servers ?? []).Where(s => Is(s, pool, backend)).OrderByDescending(s => s.Server == backend.Name);

    /// <summary>Both are the same machine: one address, or one name that DNS fills on each node by itself.</summary>
    public static bool AreOne(ServerState one, ServerState other) =>
        (one.Fqdn is { } name && name.Equals(other.Fqdn, StringComparison.OrdinalIgnoreCase))
        || Endpoint(one.Address) is not { } first || Endpoint(other.Address) is not { } second
        || (first.Port == second.Port
            && (IPAddress.TryParse(first.Host, out var a) && IPAddress.TryParse(second.Host, out var b)
                ? Plain(a).Equals(Plain(b))
                : first.Host.Equals(second.Host, StringComparison.OrdinalIgnoreCase)));

    /// <summary>HAProxy calls a server without a port one of port 0: it is asked on the port that its client came to.</summary>
    private static bool FitsPort((string Host, int Port)? at, int port) => at is not { } known || known.Port == 0 || known.Port == port;

    /// <summary>"10.0.1.1:8080", "[fd00::1]:8080"; null = a UNIX socket, or not known.</summary>
    private static (string Host, int Port)? Endpoint(string? address)
    {
        if (address?.LastIndexOf(':') is not (> 0 and var colon) || address.StartsWith("unix", StringComparison.Ordinal)
            || !int.TryParse(address.AsSpan(colon + 1), out var port))
            return null;
        return (address[..colon].Trim('[', ']'), port);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
