using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover.HandOver;

namespace LbRunbook.Engine.Failover.Moves;

/// <summary>
/// The planned move, with a second chance for the connections that are open: TO passes on what is not its own, FROM keeps the
/// address silently until they have finished.
/// </summary>
internal sealed class HandOverMove(FailoverSituation now, HandOverFacts facts) : IMove
{
    private readonly PlannedMove _planned = new(now);

    public string Manner => $"planned, {now.Request.From.Name} finishes the connections that it has";

    public IEnumerable<PlannedStep> Before(IReadOnlyList<VirtualIp> vips)
    {
        var (from, to, id) = (now.Request.From, now.Request.To.Name, now.Request.HandOverId);
        var seconds = (int)Math.Ceiling(now.Request.DeadMan.TotalSeconds);
        yield return new(new HandOverGuardStep(to, from.Name, id, Names, string.Join(',', facts.Vips.Select(v => v.Other)), facts.Tool, seconds));
        yield return new(new HandOverKeepStep(from.Name, to, id, Names, facts.HasCloseMap ? from.Haproxy.CloseMap : null, seconds));
    }

    public IEnumerable<PlannedStep> Steps(VirtualIp vip) => _planned.Steps(vip);

    public IEnumerable<PlannedStep> After(IReadOnlyList<VirtualIp> vips)
    {
        var (from, to, id) = (now.Request.From, now.Request.To.Name, now.Request.HandOverId);
        if (facts.HasCloseMap)
            yield return new(new ProxyClosingStep(from.Name, Closing: true));
        if (facts.Renewal is { WhyNot: null } renewal)
        {
            if (renewal.Keeps)
                yield return new(new ServersKeepStep(from.Name));
            yield return new(new ProxyRenewStep(from.Name));
        }
        yield return new(new HandOverWaitStep(from.Name, Names, (int)now.Request.Grace.TotalSeconds));
        if (facts.HasCloseMap)
            yield return new(new ProxyClosingStep(from.Name, Closing: false));
        // First who passes packets on: what is left then gets a clean refusal at once, and no silence.
        yield return new(new HandOverEndStep(to, id));
        yield return new(new HandOverEndStep(from.Name, id));
    }

    private string Names => string.Join(',', facts.Vips.Select(v => v.Vip.Name));
}
