using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>FROM's host is gone: nothing can be done there.</summary>
internal sealed class HostGoneMove(FailoverSituation now) : IMove
{
    public string Manner => $"emergency, {now.Request.From.Name} is not reachable";

    public IEnumerable<PlannedStep> Steps(VirtualIp vip)
    {
        var to = now.Request.To.Name;
        if (!now.Request.AcceptSplitBrain)
            yield return new(new VipSilentStep(vip.Name, to));
        yield return new(new VipAddStep(vip.Name, to, RequireProxy: !now.Request.AcceptUnhealthyTarget), HoldAfter: true);
        yield return new(new VipAnnounceStep(vip.Name, to, ReturnTo: now.Request.From.Name, OldIsGone: true));
    }
}
