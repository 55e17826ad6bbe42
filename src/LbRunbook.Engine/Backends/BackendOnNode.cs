using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Backends;

/// <param name="Seen">As it was seen.</param>
/// <param name="WhyNotKept">Why a change there would not last through a reload; null = it would.</param>
internal sealed record BackendOnNode(Node Node, NodeObservation Seen, Pool Pool, Backend Backend, string? WhyNotKept)
{
    /// <summary>Everything that goes or comes at the same time.</summary>
    public IReadOnlyList<BackendTarget> Together { get; init; } = [];

    /// <summary>What it is in that proxy; null = the proxy does not have it, or does not answer.</summary>
    public ServerState? Server { get; init; } = All(Seen, Pool, Backend).FirstOrDefault();

    /// <summary>One for each server that is this machine, and one without any where there is none.</summary>
    public static IEnumerable<BackendOnNode> Of(
        Node node, NodeObservation seen, BackendTarget target, IReadOnlyList<BackendTarget> together, string? whyNotKept)
    {
        var one = new BackendOnNode(node, seen, target.Pool, target.Backend, whyNotKept) { Together = together };
        var servers = All(seen, target.Pool, target.Backend).ToList();
        return servers.Count == 0 ? [one] : servers.Select(s => one with { Server = s });
    }

    /// <summary>Its runtime state can be written down, and has to be: nginx changes its file in the first place.</summary>
    public bool CanKeep => Node.Can.SetsAtRunTime && WhyNotKept is null;

    /// <summary>It tells what servers it has: an nginx that serves while its configuration cannot be read does not.</summary>
    public bool Answers => TellsServers(Seen);

    /// <summary>Its name there; where nobody answered, as the configuration suggests it.</summary>
    public ServerName Name =>
        new(Pool.NameInProxy, Server?.Server ?? (Node.Can.NamesServers ? Backend.Name : Backend.Address));

    /// <summary>
    /// The pool's servers apart from those that only serve when all others are gone, and from slots without an address, which never serve.
    /// </summary>
    public IReadOnlyList<ServerState> Members =>
        [.. Seen.Proxy?.Servers.Where(s => s.Pool == Pool.NameInProxy && !s.Backup && !s.HasNoAddress) ?? []];

    /// <summary>What is left of the pool in rotation without what goes together.</summary>
    public IReadOnlyList<ServerState> Others => [.. Members.Where(s => s.InRotation && s.Server != Server?.Server
        && !Together.Any(t => s.Is(t.Pool, t.Backend)))];

    /// <summary>How its pool spreads there; null = not told.</summary>
    public PoolBalancing? Balancing => Seen.Proxy?.Balancing.FirstOrDefault(b => b.Pool == Pool.NameInProxy);

    /// <summary>Its load can be moved little by little.</summary>
    public bool TakesSteps => Balancing?.TakesSteps ?? true;

    /// <summary>
    /// Steps of one lane wait for each other. Several servers of one proxy do not, unless each change of it is one of the same file.
    /// </summary>
    public string Lane => Node.Can.SetsAtRunTime && Together.Count > 1 ? $"{Node.Name} {Name}" : Node.Name;

    /// <summary>How many servers have to share the time of one lane.</summary>
    public int InLane => Node.Can.SetsAtRunTime ? 1 : Math.Max(1, Together.Count);

    /// <summary>Servers that follow this one, in other pools as well.</summary>
    public IReadOnlyList<string> Followers =>
        [.. Seen.Proxy?.Servers.Where(s => Server is not null && s.Tracks == $"{Server.Pool}/{Server.Server}")
            .Select(s => $"{s.Pool}/{s.Server}") ?? []];

    public string WhySilent => !Seen.Reachable ? $"{Node.Name} cannot be reached ({Seen.ReachDetail ?? Seen.Reach.ToString()})"
        : Seen.Proxy is { Answers: true } proxy
        ? $"{Node.ProxyName} on {Node.Name} does not tell its servers "
            + $"({proxy.Notes.FirstOrDefault(n => n.Contains("not known", StringComparison.Ordinal)) ?? "it lists none"})"
        : $"{Node.ProxyName} on {Node.Name} does not answer ({Seen.Proxy?.Error ?? "nothing was heard of it"})";

    private static bool TellsServers(NodeObservation seen) => seen.Reachable && seen.Proxy is { Answers: true, Servers.Count: > 0 };

    private static IEnumerable<ServerState> All(NodeObservation seen, Pool pool, Backend backend) =>
        TellsServers(seen) ? ServerMatch.All(seen.Proxy, pool, backend) : [];
}
