using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>FROM serves: TO gets the address first, FROM loses it afterwards.</summary>
internal sealed class PlannedMove(FailoverSituation now) : IMove
{
    public string Manner => now.HandsOver is null
        ? $"planned, {now.Request.From.Name} serves until {now.Request.To.Name} does"
        : $"planned, {now.Request.From.Name} finishes the connections that it has";

    public IEnumerable<PlannedStep> Steps(VirtualIp vip)
    {
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        var announce = new VipAnnounceStep(vip.Name, to, ReturnTo: now.ComesBack(vip) ? from : null);
        if (!now.Request.AcceptSplitBrain)
            yield return new(new VipUncontestedStep(vip.Name, to, from));
        // Between "add" and "remove" two nodes have the address, for some milliseconds: never stop there.
        yield return new(new VipAddStep(vip.Name, to, RequireProxy: !now.Request.AcceptUnhealthyTarget, Unheld: now.IsUnheld(vip)),
            HoldAfter: true);
        yield return new(announce, HoldAfter: true);
        yield return new(new VipRemoveStep(vip.Name, from), HoldAfter: true);
        yield return new(announce);
    }
}
