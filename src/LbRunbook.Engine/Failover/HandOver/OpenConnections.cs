using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover.HandOver;

/// <summary>
/// A second chance for the connections that are open while a planned move goes on, whoever moves the addresses (lbctl or keepalived): TO
/// passes on what is not its own, FROM keeps the address silently until they have finished.
/// </summary>
internal sealed class OpenConnections(FailoverSituation now)
{
    private readonly HandOverFacts? _facts = now.HandsOver;

    /// <summary>Asked for, and not possible.</summary>
    public static IEnumerable<Refusal> Guards(FailoverSituation now)
    {
        if (now.Request.HandOver != HandOverWish.On)
            yield break;
        if (now.Facts.HandOver?.WhyNot is { } why)
            yield return new("hand-over", $"the open connections cannot be handed over: {why}", "--hand-over off");
        else if (now is { Mode: not FailoverMode.Planned, From.Reachable: true })
            yield return new("hand-over", $"{now.Request.From.Name} does not serve: there are no connections that it could finish",
                "--hand-over off");
    }

    /// <summary>Once, before anything moves.</summary>
    public IEnumerable<PlannedStep> Before()
    {
        if (_facts is null)
            yield break;
        var (from, to, id) = (now.Request.From, now.Request.To.Name, now.Request.HandOverId);
        var seconds = (int)Math.Ceiling(now.Request.DeadMan.TotalSeconds);
        yield return new(new HandOverGuardStep(to, from.Name, id, Names(_facts), string.Join(',', _facts.Vips.Select(v => v.Other)),
            _facts.Tool, seconds));
        yield return new(new HandOverKeepStep(from.Name, to, id, Names(_facts),
            _facts.HasCloseMap ? from.Haproxy.CloseMap : null, seconds));
    }

    /// <summary>Once, when everything has moved and that is proven.</summary>
    public IEnumerable<PlannedStep> After()
    {
        if (_facts is null)
            yield break;
        var (from, to, id) = (now.Request.From, now.Request.To.Name, now.Request.HandOverId);
        if (_facts.HasCloseMap)
            yield return new(new ProxyClosingStep(from.Name, Closing: true));
        if (_facts.Renewal is { WhyNot: null } renewal)
        {
            if (renewal.Keeps)
                yield return new(new ServersKeepStep(from.Name));
            yield return new(new ProxyRenewStep(from.Name));
        }
        yield return new(new HandOverWaitStep(from.Name, Names(_facts), (int)now.Request.Grace.TotalSeconds));
        if (_facts.HasCloseMap)
            yield return new(new ProxyClosingStep(from.Name, Closing: false));
        // First who passes packets on: what is left then gets a clean refusal at once, and no silence.
        yield return new(new HandOverEndStep(to, id));
        yield return new(new HandOverEndStep(from.Name, id));
    }

    private static string Names(HandOverFacts facts) => string.Join(',', facts.Vips.Select(v => v.Vip.Name));
}
