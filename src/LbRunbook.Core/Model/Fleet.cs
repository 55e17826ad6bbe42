namespace LbRunbook.Core.Model;

/// <summary>One cluster as configured: what should be there. What is there is an <see cref="Observations.Observation"/>.</summary>
public sealed record Fleet
{
    /// <summary>Cluster name, <c>[A-Za-z0-9._-]+</c>.</summary>
    public required string Cluster { get; init; }
    public required FleetEnvironment Environment { get; init; }

    /// <summary>Load-balancer machines in file order; at least one.</summary>
    public required IReadOnlyList<Node> Nodes { get; init; }
    public IReadOnlyList<VirtualIp> Vips { get; init; } = [];
    public IReadOnlyList<Pool> Pools { get; init; } = [];

    /// <summary>Further hosts on the network that can say what a third party sees.</summary>
    public IReadOnlyList<Witness> Witnesses { get; init; } = [];
    public Thresholds Thresholds { get; init; } = new();
    public IReadOnlyList<AlertTarget> Alerts { get; init; } = [];

    /// <summary>The file this came from, for messages; empty in tests.</summary>
    public string SourcePath { get; init; } = "";

    public Node? FindNode(string nameOrAddress) =>
        Nodes.FirstOrDefault(n => n.Name == nameOrAddress) ?? Nodes.FirstOrDefault(n => n.Host == nameOrAddress);

    public VirtualIp Vip(string name) => Vips.First(v => v.Name == name);
    public Node Node(string name) => Nodes.First(n => n.Name == name);
}

/// <summary>Decides how loudly a mutation asks: production is confirmed by name.</summary>
public enum FleetEnvironment { Production, Staging, Lab }
