using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>
/// What each proxy calls the machines of a pool. Where two of them, or one and the configuration, have one name for two machines, a command
/// by that name would do one thing here and another there.
/// </summary>
internal static class ServerNames
{
    /// <param name="about">Only what concerns this backend: its name, or its machine under another one. Null = the whole pool.</param>
    /// <returns>Every table that has a say, side by side; null = one name is one machine everywhere.</returns>
    public static string? Disagreement(Pool pool, IReadOnlyList<(string Node, ProxyState Proxy)> seen, Backend? about = null)
    {
        var servers = seen.SelectMany(n => n.Proxy.Servers.Where(s => s.Pool == pool.NameInProxy && !s.IsSlot && !s.HasNoAddress)
            .Select(s => (n.Node, Server: s))).ToList();
        var wrong = servers.Where(s => Contradicts(pool, s.Server) || servers.Any(o => AreTwo(s.Server, o.Server))).ToList();
        if (about is not null && !wrong.Any(s => s.Server.Server == about.Name || s.Server.Is(pool, about)))
            return null;
        var names = wrong.Select(s => s.Server.Server).ToHashSet();
        if (names.Count == 0)
            return null;
        var tables = servers.Where(s => names.Contains(s.Server.Server)).OrderBy(s => s.Server.Server, StringComparer.Ordinal)
            .GroupBy(s => s.Node).OrderBy(g => seen.ToList().FindIndex(n => n.Node == g.Key))
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(s => $"{s.Server.Server} is {s.Server.Address ?? "not told"}"))}");
        var configured = pool.Everyone.Where(b => names.Contains(b.Name)).Select(b => $"{b.Name} is {b.Address}").ToList();
        return string.Join("; ", configured.Count == 0 ? tables : tables.Append($"configuration: {string.Join(", ", configured)}"));
    }

    private static bool Contradicts(Pool pool, ServerState server) =>
        server.Address is not null && pool.Everyone.FirstOrDefault(b => b.Name == server.Server) is { } named && !server.Is(pool, named);

    private static bool AreTwo(ServerState one, ServerState other) => one.Server == other.Server && !ServerMatch.AreOne(one, other);
}
