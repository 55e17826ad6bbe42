using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover.Switches;

/// <summary>
/// What carries traffic to a node and can be made to carry it to another one: addresses by hand, keepalived's election. A failover is a
/// loop over all of them (<see cref="TrafficSwitches"/>). Pure: everything that one knows is in the situation that it was made with.
/// </summary>
internal interface ITrafficSwitch
{
    /// <summary>This failover moves something with it.</summary>
    bool Moves { get; }

    /// <summary>The end of the title: "planned, lb1 serves until lb2 does".</summary>
    string Manner { get; }

    /// <summary>Why it cannot be asked to move what it carries.</summary>
    IEnumerable<Refusal> Guards() => [];

    /// <summary>What TO must be able to do first; when TO's proxy is known to answer.</summary>
    IEnumerable<PlannedStep> Prepare() => [];

    IEnumerable<PlannedStep> Move();

    /// <summary>From outside: TO has the traffic.</summary>
    IEnumerable<PlannedStep> Prove();

    /// <summary>What the operator should know before saying yes.</summary>
    IEnumerable<string> Warnings() => [];

    /// <summary>What stays different when it is over, and what the next restart does.</summary>
    IEnumerable<string> Afterwards() => [];
}
