using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Failover.HandOver;

internal enum HandOverWish
{
    /// <summary>Where the nodes can; else the plan says why not.</summary>
    Auto,

    /// <summary>Or not at all.</summary>
    On,
    Off,
}

/// <summary>Whether these two nodes can hand connections over, and with what.</summary>
internal sealed record HandOverFacts
{
    /// <summary>Null = they can.</summary>
    public string? WhyNot { get; init; }

    /// <summary>"nft" or "iptables" on TO.</summary>
    public string Tool { get; init; } = "";

    /// <summary>What FROM holds, with FROM's own address beside it.</summary>
    public IReadOnlyList<HandOverVip> Vips { get; init; } = [];

    /// <summary>FROM's HAProxy reads its close map.</summary>
    public bool HasCloseMap { get; init; }

    /// <summary>What is done on FROM without a close map; null = there is one.</summary>
    public WorkerRenewal? Renewal { get; init; }

    public static HandOverFacts Not(string why) => new() { WhyNot = why };
}
