using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary><c>pools:</c> with nested backends, and the flat <c>backends:</c> where each names its pool.</summary>
internal static class PoolBinder
{
    public static IReadOnlyList<Pool> Bind(Section root, SshOptions ssh, IReadOnlyList<VirtualIp> vips)
    {
        var bound = new List<(Pool Pool, Section Section, List<Backend> Backends, UniqueNames Names)>();
        var names = new UniqueNames("pool");
        foreach (var section in Items.Of(root, "pools", "pool", ConfigKeys.Pool))
        {
            var pool = new Pool
            {
                Name = section.Require("name", FieldRules.Name, ""),
                ProxyName = section.GetOrNull("proxyName", ProxyName),
                Health = CheckBinder.Bind(section, "health"),
                DeepHealth = CheckBinder.Bind(section, "deepHealth"),
                Affinity = AffinityBinder.Bind(section, vips),
                Backends = [],
            };
            names.Add(section, "name", pool.Name);
            bound.Add((pool, section, [], new UniqueNames($"pool {Shown.Quoted(pool.Name)}, backend")));
        }

        foreach (var (pool, section, backends, backendNames) in bound)
        {
            foreach (var item in Items.Of(section, "backends", "backend", ConfigKeys.Backend))
            {
                if (item.TryGet<string>("pool", FieldRules.Name, out var named) && named != pool.Name)
                    item.Error(item.ValueAt("pool"),
                        $"pool {Shown.Quoted(named)} contradicts its place in pool {Shown.Quoted(pool.Name)}; leave it out here");
                backends.Add(BindBackend(item, pool.Name, ssh, backendNames));
            }
        }

        var poolNames = bound.Select(b => b.Pool.Name).Where(n => n.Length > 0).Distinct().ToList();
        foreach (var item in Items.Of(root, "backends", "backend", ConfigKeys.Backend))
        {
            var pool = item.Require("pool", KnownPool(poolNames), "", Listed(poolNames));
            var home = bound.FindIndex(b => b.Pool.Name == pool);
            var backend = BindBackend(item, pool, ssh, home < 0 ? null : bound[home].Names);
            if (home >= 0) bound[home].Backends.Add(backend);
        }

        foreach (var (pool, section, backends, _) in bound)
        {
            if (backends.Count == 0 && section.Value("backends") is (null or YamlList { Items.Count: 0 } or YamlScalar { IsNull: true }))
                section.Error(section.At,
                    "has no backends; list them under backends: here, or under the top-level backends: with pool: "
                        + (pool.Name.Length == 0 ? "NAME" : pool.Name));
        }
        return [.. bound.Select(b =>
            b.Pool with { Backends = b.Backends, Emergency = EmergencyBinder.Bind(b.Section, b.Pool.Name, ssh, b.Names) })];
    }

    public static Backend BindBackend(Section item, string pool, SshOptions ssh, UniqueNames? names)
    {
        var backend = new Backend
        {
            Name = item.Require("name", FieldRules.Name, ""),
            Host = item.Require("host", AddressRules.Host, ""),
            Port = item.Require("port", FieldRules.Port, 1, "1 to 65535"),
            Pool = pool,
            Ssh = item.Has("ssh") ? SshBinder.Bind(item, ssh) : null,
            Service = ServiceBinder.Bind(item),
        };
        names?.Add(item, "name", backend.Name);
        // Twice the same server in a pool would count its health twice.
        if (backend.Host.Length > 0 && item.Has("port")) names?.AddAddress(item, "host", $"{backend.Host} port {backend.Port}");
        return backend;
    }

    private static FieldRule<string> KnownPool(List<string> pools) => (string text, out string value) =>
    {
        value = text;
        return pools.Contains(text) ? null : $"does not exist; allowed: {Listed(pools)}{FieldRules.DidYouMean(text, pools)}";
    };

    private static string Listed(List<string> pools) =>
        pools.Count == 0 ? "no pool is defined under pools:" : string.Join(", ", pools.Take(20));

    /// <summary>What HAProxy takes as a proxy name, and what nginx takes as an upstream.</summary>
    private static string? ProxyName(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 128 && text[0] != '-' && text.All(c => Characters.IsName(c) || c == ':')
            ? null
            : "is not a name in a proxy; allowed: A-Z a-z 0-9 . _ - :";
    }
}
