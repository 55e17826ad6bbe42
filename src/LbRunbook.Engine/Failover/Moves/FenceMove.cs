using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>FROM lives but cannot be reached; it has been fenced by the time this begins.</summary>
internal sealed class FenceMove(FailoverSituation now) : IMove
{
    public string Manner => $"emergency, {now.Request.From.Name} is alive but not reachable: it is fenced first";

    public IEnumerable<PlannedStep> Steps(VirtualIp vip)
    {
        var to = now.Request.To.Name;
        // The fence has just proven silence from two places, and nobody serves: no other look, no place to stop.
        yield return new(new VipAddStep(vip.Name, to, RequireProxy: !now.Request.AcceptUnhealthyTarget), HoldAfter: true);
        yield return new(new VipAnnounceStep(vip.Name, to));
    }
}
