using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover.Moves;

namespace LbRunbook.Engine.Failover.Switches;

/// <summary>Virtual IPs that keepalived owns: its election moves them, and nobody touches an address while it runs.</summary>
internal sealed class KeepalivedSwitch(FailoverSituation now) : ITrafficSwitch
{
    private readonly IReadOnlyList<VirtualIp> _vips = [.. now.Moving.Where(now.Keepalived.Owns)];
    private readonly KeepalivedMove _move = new(now);

    public bool Moves => _vips.Count > 0;
    public string Manner => _move.Manner;

    public IEnumerable<Refusal> Guards() => KeepalivedGuards.Check(now, _vips);

    public IEnumerable<PlannedStep> Prepare() => VipSteps.Listen(now, _vips);

    public IEnumerable<PlannedStep> Move() => _move.Steps(_vips);

    public IEnumerable<PlannedStep> Prove() => VipSteps.Answers(now, _vips);

    public IEnumerable<string> Afterwards() => KeepalivedGuards.Afterwards(now, _vips);
}
