using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Engine.Failover.HandOver;

namespace LbRunbook.Engine.Failover;

/// <summary>What was asked for.</summary>
internal sealed record FailoverRequest
{
    /// <summary>As it was typed: a drained node is a failover, too.</summary>
    public string Verb { get; init; } = "failover";
    public required Node From { get; init; }
    public required Node To { get; init; }

    /// <summary>Take the address away from FROM before TO gets it, even though FROM still serves.</summary>
    public bool Emergency { get; init; }
    public bool AcceptSplitBrain { get; init; }
    public bool AcceptUnhealthyTarget { get; init; }

    /// <summary>Move by hand what another manager owns, or what nobody knows the owner of.</summary>
    public bool AcceptOtherOwner { get; init; }
    public bool StopProxy { get; init; }

    /// <summary>Refuse rather than fence.</summary>
    public bool NoFence { get; init; }

    /// <summary>A verb that acts by itself asks for this, no human: it never acts on what only this machine cannot reach.</summary>
    public bool Unattended { get; init; }

    /// <summary>Somebody sits at a terminal and can be asked.</summary>
    public bool CanAsk { get; init; }
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
    public HandOverWish HandOver { get; init; }

    /// <summary>Names what a hand-over makes on the nodes.</summary>
    public string HandOverId { get; init; } = "0";

    /// <summary>When the nodes end a hand-over by themselves: the grace, and enough for everything around it.</summary>
    public TimeSpan DeadMan { get => field > TimeSpan.Zero ? field : Grace + TimeSpan.FromSeconds(90); init; }
}

/// <summary>What was seen before planning.</summary>
internal sealed record FailoverFacts
{
    public required Observation Observation { get; init; }

    /// <summary>What the configuration test on TO printed; null = passed or could not be run.</summary>
    public string? TargetConfigurationError { get; init; }

    /// <summary>Why that test could not be run; null = it was.</summary>
    public string? TargetConfigurationUntested { get; init; }

    /// <summary>Null = no planned move, or not wanted.</summary>
    public HandOverFacts? HandOver { get; init; }

    /// <summary>The last thing that happened here was this very failover: the same command again is then no mistake.</summary>
    public bool RepeatsLastRun { get; init; }
}

/// <summary>Which way the traffic is moved; decided by what FROM can still do.</summary>
internal enum FailoverMode
{
    /// <summary>FROM serves: TO gets the address first, FROM loses it afterwards.</summary>
    Planned,

    /// <summary>
    /// FROM's proxy is dead, its host is not: every client that still comes to it is lost, so it loses the address first.
    /// </summary>
    RemoveFirst,

    /// <summary>FROM lives and cannot be reached: it is fenced before TO gets the address.</summary>
    FenceFirst,

    /// <summary>FROM's host is gone: nothing can be done there.</summary>
    HostGone,
}
