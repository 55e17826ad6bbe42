using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>One way in which traffic gets from FROM to TO. Pure: everything that it knows is in the situation it was made with.</summary>
internal interface IMove
{
    /// <summary>The end of the title: "planned, lb1 serves until lb2 does".</summary>
    string Manner { get; }

    /// <summary>The steps that move one VIP.</summary>
    IEnumerable<PlannedStep> Steps(VirtualIp vip);
}
