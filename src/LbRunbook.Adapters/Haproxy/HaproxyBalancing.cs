using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// Which pools take weights in steps. The Runtime API names the algorithm, but not whether a hash is consistent (it takes them) or goes by
/// a map (it takes all or nothing): that stands in the file only. Who does not know moves the load at once, which every pool takes.
/// </summary>
internal static class HaproxyBalancing
{
    private static readonly HashSet<string> s_hashes = ["source", "uri", "url_param", "hdr", "rdp-cookie", "hash"];

    public static PoolBalancing Of(StatRow backend) =>
        new(backend.Proxy, backend["algo"], backend["algo"] != "static-rr" && !s_hashes.Contains(backend["algo"]));

    /// <param name="lines">Section heads and <c>hash-type</c> lines; null = not read.</param>
    public static ProxyState Complete(ProxyState proxy, IReadOnlyList<string>? lines)
    {
        if (lines is null || proxy.Balancing.All(b => b.TakesSteps))
            return proxy;
        var pools = HaproxyPersistence.Parse(lines);
        return proxy with
        {
            Balancing = [.. proxy.Balancing.Select(b => b with
            {
                TakesSteps = b.TakesSteps || (s_hashes.Contains(b.Algorithm) && pools.GetValueOrDefault(b.Pool) is { Consistent: true }),
            })],
        };
    }
}
