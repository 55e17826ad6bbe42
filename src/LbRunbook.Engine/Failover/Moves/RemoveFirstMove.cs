using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>FROM's proxy is dead, its host is not: every client that still comes to it is lost, so it loses the address first.</summary>
internal sealed class RemoveFirstMove(FailoverSituation now) : IMove
{
    public string Manner => now.FromServes
        ? $"emergency, as asked; {now.Request.From.Name} loses it first"
        : $"emergency, the proxy on {now.Request.From.Name} does not serve";

    public IEnumerable<PlannedStep> Steps(VirtualIp vip)
    {
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        // Without this the look has just asked the wire who answers (guard vip-is-taken): asked again while nobody serves, it would be a
        // part of the outage.
        if (now.FromServes && !now.Request.AcceptSplitBrain)
            yield return new(new VipUncontestedStep(vip.Name, to, from));
        // What TO has as well is a duplicate, and is taken away like one.
        yield return new(new VipRemoveStep(vip.Name, from, RequireOtherHolder: now.VipsOnTarget.Contains(vip)), HoldAfter: true);
        yield return new(new VipAddStep(vip.Name, to, RequireProxy: !now.Request.AcceptUnhealthyTarget, Unheld: now.IsUnheld(vip)),
            HoldAfter: true);
        yield return new(new VipAnnounceStep(vip.Name, to, ReturnTo: now.ComesBack(vip) ? from : null));
        // FROM's kernel has said that it is gone there, and the wire that nobody else had it: what serves comes before asking once more.
        if (!now.Request.AcceptSplitBrain)
            yield return new(new VipUncontestedStep(vip.Name, to, to));
    }
}
