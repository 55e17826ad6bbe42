using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Engine.Backends;

/// <summary>
/// The observation, read with the eyes of the backends that are meant: what every node's proxy makes of each of them and of its pool.
/// </summary>
internal sealed class BackendSituation
{
    private readonly Fleet _fleet;
    private readonly Observation _observation;
    private readonly IReadOnlyDictionary<string, string?> _whyNotKept;

    public BackendSituation(
        Fleet fleet, Observation observation, IReadOnlyDictionary<string, string?> whyNotKept, IReadOnlyList<BackendTarget> targets)
    {
        (_fleet, _observation, _whyNotKept, Targets) = (fleet, observation, whyNotKept, targets);
        Seen = [.. fleet.Nodes.Select(n => observation.Node(n.Name)).Where(n => n is { Reachable: true, Proxy.Answers: true })
            .Select(n => (n.Node, n.Proxy!))];
        Nodes = [.. targets.SelectMany(t => fleet.Nodes.SelectMany(n =>
            BackendOnNode.Of(n, observation.Node(n.Name), t, targets, whyNotKept.GetValueOrDefault(n.Name))))];
    }

    /// <summary>The same look, as if only these were meant.</summary>
    public BackendSituation Only(IReadOnlyList<BackendTarget> targets) => new(_fleet, _observation, _whyNotKept, targets);

    /// <summary>What is meant, all at once; one of them unless a machine is in several pools, or several were named.</summary>
    public IReadOnlyList<BackendTarget> Targets { get; }

    /// <summary>Each of them on each node; where a machine has two servers of one pool, both.</summary>
    public IReadOnlyList<BackendOnNode> Nodes { get; }

    /// <summary>What each proxy that answers says of itself.</summary>
    public IReadOnlyList<(string Node, ProxyState Proxy)> Seen { get; }

    /// <summary>Nodes whose proxy has the server.</summary>
    public IEnumerable<BackendOnNode> Having => Nodes.Where(n => n.Server is not null);

    /// <summary>Nodes whose proxy does not answer, or that cannot be reached: what they do with the backend is not known.</summary>
    public IEnumerable<BackendOnNode> Silent => Nodes.Where(n => !n.Answers).DistinctBy(n => n.Node.Name);

    /// <summary>"web1", or "web1, api1".</summary>
    public string Names => string.Join(", ", Targets.Select(t => t.Backend.Name).Distinct());

    /// <summary>"lb1, lb2".</summary>
    public string Places => string.Join(", ", BackendGuards.Targets(this).Select(n => n.Node.Name).Distinct());

    /// <summary>"web1 (10.0.1.1:8080) out of pool web": the title of a plan, for each pool of it.</summary>
    /// <param name="preposition">"out of", "of", "back into".</param>
    public string Title(string preposition) =>
        string.Join(", ", Targets.GroupBy(t => t.Pool.Name)
            .Select(g => $"{string.Join(", ", g.Select(t => t.Words))} {preposition} pool {g.Key}"));

    public IReadOnlyDictionary<string, string> Subjects => new Dictionary<string, string>
    {
        ["pool"] = string.Join(",", Targets.Select(t => t.Pool.Name).Distinct()),
        ["backend"] = string.Join(",", Targets.Select(t => t.Backend.Name).Distinct()),
    };
}
