using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Backends;

/// <summary>The observation, read with the eyes of one backend: what every node's proxy makes of it and of its pool.</summary>
internal sealed class BackendSituation
{
    public BackendSituation(
        Fleet fleet, Observation observation, IReadOnlyDictionary<string, string?> whyNotKept, Pool pool, Backend backend)
    {
        Pool = pool;
        Backend = backend;
        Nodes = [.. fleet.Nodes.Select(n =>
            new BackendOnNode(n, observation.Node(n.Name), pool, backend, whyNotKept.GetValueOrDefault(n.Name)))];
    }

    public Pool Pool { get; }
    public Backend Backend { get; }
    public IReadOnlyList<BackendOnNode> Nodes { get; }

    /// <summary>Nodes whose proxy has the server.</summary>
    public IEnumerable<BackendOnNode> Having => Nodes.Where(n => n.Server is not null);

    /// <summary>Nodes whose proxy does not answer, or that cannot be reached: what they do with the backend is not known.</summary>
    public IEnumerable<BackendOnNode> Silent => Nodes.Where(n => !n.Answers);
}

/// <param name="Seen">As it was seen.</param>
/// <param name="WhyNotKept">Why a change there would not last through a reload; null = it would.</param>
internal sealed record BackendOnNode(Node Node, NodeObservation Seen, Pool Pool, Backend Backend, string? WhyNotKept)
{
    /// <summary>Its runtime state can be written down, and has to be: nginx changes its file in the first place.</summary>
    public bool CanKeep => Node.Can.SetsAtRunTime && WhyNotKept is null;

    /// <summary>It tells what servers it has: an nginx that serves while its configuration cannot be read does not.</summary>
    public bool Answers => Seen.Reachable && Seen.Proxy is { Answers: true, Servers.Count: > 0 };
    public ServerState? Server => Answers ? Seen.Proxy!.Servers.FirstOrDefault(s => s.Is(Pool, Backend)) : null;

    /// <summary>Its name there; where nobody answered, as the configuration suggests it.</summary>
    public ServerName Name =>
        new(Pool.NameInProxy, Server?.Server ?? (Node.Can.NamesServers ? Backend.Name : Backend.Address));

    /// <summary>The pool's servers apart from those that only serve when all others are gone.</summary>
    public IReadOnlyList<ServerState> Members => [.. Seen.Proxy?.Servers.Where(s => s.Pool == Pool.NameInProxy && !s.Backup) ?? []];

    /// <summary>What is left of the pool in rotation without this backend.</summary>
    public IReadOnlyList<ServerState> Others => [.. Members.Where(s => s.InRotation && s.Server != Server?.Server)];

    /// <summary>Servers that follow this one, in other pools as well.</summary>
    public IReadOnlyList<string> Followers =>
        [.. Seen.Proxy?.Servers.Where(s => Server is not null && s.Tracks == $"{Server.Pool}/{Server.Server}")
            .Select(s => $"{s.Pool}/{s.Server}") ?? []];

    public string WhySilent => !Seen.Reachable ? $"{Node.Name} cannot be reached ({Seen.ReachDetail ?? Seen.Reach.ToString()})"
        : Seen.Proxy is { Answers: true } proxy
        ? $"{Node.ProxyName} on {Node.Name} does not tell its servers "
            + $"({proxy.Notes.FirstOrDefault(n => n.Contains("not known", StringComparison.Ordinal)) ?? "it lists none"})"
        : $"{Node.ProxyName} on {Node.Name} does not answer ({Seen.Proxy?.Error ?? "nothing was heard of it"})";
}
