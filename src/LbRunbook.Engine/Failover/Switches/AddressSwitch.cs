using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover.Moves;

namespace LbRunbook.Engine.Failover.Switches;

/// <summary>Virtual IPs that nobody else moves: added, announced and removed by hand, in the way that FROM still allows.</summary>
internal sealed class AddressSwitch(FailoverSituation now) : ITrafficSwitch
{
    private readonly IReadOnlyList<VirtualIp> _vips = [.. now.Moving.Where(v => !now.Keepalived.Owns(v))];
    private readonly IMove _move = MoveFor(now);

    public bool Moves => _vips.Count > 0;
    public string Manner => _move.Manner;

    public IEnumerable<Refusal> Guards() => OwnerGuards.Check(now, _vips);

    public IEnumerable<PlannedStep> Prepare() => VipSteps.Listen(now, _vips);

    /// <summary>While nobody serves each address goes its own way: one that hangs keeps no other waiting.</summary>
    public IEnumerable<PlannedStep> Move() => now.Mode == FailoverMode.Planned
        ? _vips.SelectMany(_move.Steps)
        : _vips.SelectMany(v => _move.Steps(v).Select(s => s with { Lane = v.Name }));

    public IEnumerable<PlannedStep> Prove() => VipSteps.Answers(now, _vips);

    public IEnumerable<string> Warnings()
    {
        if (now.Mode == FailoverMode.HostGone && !now.VipsToMove.Any(now.Keepalived.Owns))
            yield return $"{now.Request.From.Name} still has its address configured: keep it off the network, or remove the "
                + "address, before it comes back";
    }

    private static IMove MoveFor(FailoverSituation now) => now.Mode switch
    {
        FailoverMode.Planned => new PlannedMove(now),
        FailoverMode.RemoveFirst => new RemoveFirstMove(now),
        FailoverMode.FenceFirst => new FenceMove(now),
        _ => new HostGoneMove(now),
    };
}
