using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.Switches;

/// <summary>What every switch that moves virtual IPs asks of TO before, and proves afterwards.</summary>
internal static class VipSteps
{
    public static IEnumerable<PlannedStep> Listen(FailoverSituation now, IReadOnlyList<VirtualIp> vips) => now.Request.AcceptUnhealthyTarget
        ? []
        : vips.Select(v => new PlannedStep(new VipListenStep(v.Name, now.Request.To.Name, v.Port), Lane: v.Name));

    public static IEnumerable<PlannedStep> Answers(FailoverSituation now, IReadOnlyList<VirtualIp> vips) =>
        vips.Select(v => new PlannedStep(new VipAnswersStep(v.Name, now.Request.To.Name, now.AnswersInUndo(v)), Lane: v.Name));
}
