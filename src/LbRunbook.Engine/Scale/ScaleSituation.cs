using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Backends;

namespace LbRunbook.Engine.Scale;

/// <summary>The observation, read with the eyes of one pool's emergency backends.</summary>
internal sealed class ScaleSituation
{
    /// <param name="fleet">As configured.</param>
    /// <param name="asked">What each node said of its configuration.</param>
    public ScaleSituation(Fleet fleet, Observation observation, IReadOnlyDictionary<string, NodeAnswer> asked, Pool pool)
    {
        Pool = pool;
        Nodes = [.. fleet.Nodes.Select(n =>
            new ScaleNode(n, observation.Node(n.Name), pool, asked.GetValueOrDefault(n.Name) ?? new(null, null, "it was not asked")))];
    }

    public Pool Pool { get; }
    public IReadOnlyList<ScaleNode> Nodes { get; }
    public IEnumerable<ScaleNode> Answering => Nodes.Where(n => n.Answers);
}

/// <param name="WhyNotKept">Why the servers' state would not last through a reload; null = it would.</param>
/// <param name="Lines">What the configuration says of the pool; null = it could not be read.</param>
internal sealed record NodeAnswer(string? WhyNotKept, PoolLines? Lines, string? WhyNoLines);

/// <summary>One node, and what it makes of the pool.</summary>
internal sealed record ScaleNode(Node Node, NodeObservation Seen, Pool Pool, NodeAnswer Asked)
{
    public bool Answers => Of(Pool.Backends[0]).Answers;
    public string WhySilent => Of(Pool.Backends[0]).WhySilent;

    /// <summary>
    /// Its state file can be written, and has to be; of a node that says nothing it is hoped, for the run that goes on with it.
    /// </summary>
    public bool CanKeep => Node.Can.SetsAtRunTime && (Asked.WhyNotKept is null || (!Answers && Node.Haproxy.StateFile is not null));

    /// <summary>Why a server that is added is gone after HAProxy's next reload; null = its line is written.</summary>
    public string? WhyNotWritten => !Node.Can.SetsAtRunTime ? null
        : Asked.Lines is { } lines ? lines.WhyNotWritten
        : Answers ? Asked.WhyNoLines
        : Node.Ssh.Sudo ? $"the configuration on {Node.Name} is not changed by a login that is not root"
        : null;

    public IReadOnlyList<ServerState> Members => Of(Pool.Backends[0]).Members;

    /// <summary>How the pool spreads there; null = not told.</summary>
    public PoolBalancing? Balancing => Of(Pool.Backends[0]).Balancing;
    public bool TakesSteps => Balancing?.TakesSteps ?? true;

    public ServerState? Server(Backend backend) => Of(backend).Server;

    public ServerName NameOf(Backend backend) =>
        new(Pool.NameInProxy, Server(backend)?.Server ?? (Node.Can.NamesServers ? backend.Name : backend.Address));

    /// <summary>The configuration came with it: it is made ready and put into maintenance, never added nor removed.</summary>
    public bool IsSlot(Backend backend) => Asked.Lines?.Configured.Contains(NameOf(backend).Server) == true;

    public bool HasLine(Backend backend) => Asked.Lines?.Added.Contains(NameOf(backend).Server) == true;

    /// <summary>In the proxy or in its file, by our hand.</summary>
    public bool IsAdded(Backend backend) => !IsSlot(backend) && (HasLine(backend) || Server(backend) is not null);

    public bool IsFullyIn(Backend backend) => Server(backend) is { InRotation: true } server && server.Weight >= WeightOf(backend);

    /// <summary>As configured, else as the others have: a server that is twice as strong than it looks would be overrun.</summary>
    public int WeightOf(Backend backend) => backend.Weight
        ?? Members.Where(m => !Pool.Emergency.Any(e => m.Is(Pool, e))).Select(m => m.InitialWeight).Where(w => w > 0)
        .DefaultIfEmpty(1).Min();

    private BackendOnNode Of(Backend backend) => new(Node, Seen, Pool, backend, Asked.WhyNotKept);
}
