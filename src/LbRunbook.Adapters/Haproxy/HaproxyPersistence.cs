using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// What the Runtime API does not tell of a pool's stickiness: stick rules, <c>option redispatch</c> and <c>option persist</c>. From the
/// lines of the configuration file that concern it; nothing else of the file leaves the node.
/// </summary>
internal sealed record HaproxyPersistence(IReadOnlyList<string> Sticks, bool Redispatches, bool Persists)
{
    /// <summary>A hash of it moves only a few clients when a weight changes, so weights may change in steps.</summary>
    public bool Consistent { get; init; }

    private static readonly HaproxyPersistence Nothing = new([], false, false);

    /// <summary>Pool → settings, with those that it takes over from its <c>defaults</c>.</summary>
    public static IReadOnlyDictionary<string, HaproxyPersistence> Parse(IEnumerable<string> lines)
    {
        var pools = new Dictionary<string, HaproxyPersistence>();
        var named = new Dictionary<string, HaproxyPersistence>();
        var defaults = Nothing;
        string? section = null;
        string? name = null;
        foreach (var words in lines.Select(l => l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 0))
        {
            if (words[0] is "defaults" or "backend" or "listen" or "section")
            {
                section = words[0];
                name = words.Length > 1 && words[1] != "from" ? words[1] : null;
                var parent = Array.IndexOf(words, "from") is > 0 and var at && at + 1 < words.Length
                    ? named.GetValueOrDefault(words[at + 1])
                    : null;
                if (section == "defaults")
                    Keep(parent ?? Nothing);
                else if (section != "section" && name is not null)
                    Keep(parent ?? defaults);
            }
            else if (Current() is { } current)
            {
                Keep(Next(current, words));
            }
        }
        return pools;

        HaproxyPersistence? Current() => section switch
        {
            "defaults" => defaults,
            "backend" or "listen" when name is not null => pools[name],
            _ => null,
        };

        void Keep(HaproxyPersistence value)
        {
            if (section != "defaults")
            {
                pools[name!] = value;
                return;
            }
            defaults = value;
            if (name is not null)
                named[name] = value;
        }
    }

    /// <summary>
    /// The runtime's word on cookie and algorithm, with what the file adds. A pool that the file does not show is left out: it may have
    /// stick rules.
    /// </summary>
    public static ProxyState Complete(ProxyState proxy, IReadOnlyList<string>? lines)
    {
        if (lines is null)
            return proxy with { Stickiness = [] };
        var pools = Parse(lines);
        return proxy with
        {
            Stickiness = [.. proxy.Stickiness.Where(s => pools.ContainsKey(s.Pool))
                .Select(s => pools[s.Pool].On(s, [.. proxy.Servers.Where(v => v.Pool == s.Pool)]))],
        };
    }

    private PoolStickiness On(PoolStickiness runtime, IReadOnlyList<ServerState> servers)
    {
        var all = runtime with { By = [.. runtime.By, .. Sticks] };
        if (all.By.Count == 0 || Redispatches)
            return all;
        // The server of a cookie or a table entry is skipped once it is marked down, unless the pool insists on it.
        if (Persists)
            return all with { DeadEnd = "option persist without option redispatch" };
        return servers.FirstOrDefault(s => s.Health == ServerHealth.NoCheck) is { } unchecked_
            ? all with { DeadEnd = $"no option redispatch, and {unchecked_.Server} is not checked" }
            : all with { DeadEnd = "no option redispatch", UntilNoticed = true };
    }

    private static HaproxyPersistence Next(HaproxyPersistence current, string[] words) => words switch
    {
        ["stick", "on" or "match", var pattern, ..] => current with
        {
            Sticks = [.. current.Sticks, $"stick {words[1]} {Printable.Line(pattern)}"],
        },
        ["option", "redispatch", ..] => current with { Redispatches = true },
        ["no", "option", "redispatch", ..] => current with { Redispatches = false },
        ["option", "persist", ..] => current with { Persists = true },
        ["no", "option", "persist", ..] => current with { Persists = false },
        ["hash-type", var type, ..] => current with { Consistent = type == "consistent" },
        _ => current,
    };
}
