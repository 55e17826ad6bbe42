using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Failover.Moves;

namespace LbRunbook.Engine.Failover.Switches;

/// <summary>Virtual IPs that nobody else moves: added, announced and removed by hand, in the way that FROM still allows.</summary>
internal sealed class AddressSwitch(FailoverSituation now) : ITrafficSwitch
{
    private readonly IReadOnlyList<VirtualIp> _vips = [.. now.Moving.Where(v => !now.Keepalived.Owns(v))];
    private readonly IMove _move = MoveFor(now);

    public bool Moves => _vips.Count > 0;
    public string Manner => _move.Manner;

    public IEnumerable<Refusal> Guards()
    {
        if (now.Request.HandOver == HandOverWish.On && now.Facts.HandOver?.WhyNot is { } why)
            yield return new("hand-over", $"the open connections cannot be handed over: {why}", "--hand-over off");
        else if (now is { Request.HandOver: HandOverWish.On, Mode: not FailoverMode.Planned, From.Reachable: true })
            yield return new("hand-over", $"{now.Request.From.Name} does not serve: there are no connections that it could finish", "--hand-over off");
    }

    public IEnumerable<PlannedStep> Prepare() => VipSteps.Listen(now, _vips);

    public IEnumerable<PlannedStep> Before() => Moves ? _move.Before(_vips) : [];

    /// <summary>While nobody serves each address goes its own way: one that hangs keeps no other waiting.</summary>
    public IEnumerable<PlannedStep> Move() => now.Mode == FailoverMode.Planned
        ? _vips.SelectMany(_move.Steps)
        : _vips.SelectMany(v => _move.Steps(v).Select(s => s with { Lane = v.Name }));

    public IEnumerable<PlannedStep> Prove() => VipSteps.Answers(now, _vips);

    public IEnumerable<PlannedStep> After() => Moves ? _move.After(_vips) : [];

    public IEnumerable<string> Warnings()
    {
        foreach (var warning in HandOverWarnings.Of(now))
            yield return warning;
        if (now.Mode == FailoverMode.HostGone && !now.VipsToMove.Any(now.Keepalived.Owns))
            yield return $"{now.Request.From.Name} still has its address configured: keep it off the network, or remove the address, before it comes back";
    }

    private static IMove MoveFor(FailoverSituation now) => now.Mode switch
    {
        FailoverMode.Planned when now.HandsOver is { } facts => new HandOverMove(now, facts),
        FailoverMode.Planned => new PlannedMove(now),
        FailoverMode.RemoveFirst => new RemoveFirstMove(now),
        FailoverMode.FenceFirst => new FenceMove(now),
        _ => new HostGoneMove(now),
    };
}
