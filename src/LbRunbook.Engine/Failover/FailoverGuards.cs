using LbRunbook.Core.Diagnosis.Rules;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Failover.Switches;

namespace LbRunbook.Engine.Failover;

/// <summary>Every reason why a failover must not start, all at once; each names its flag, where one may override it.</summary>
internal static class FailoverGuards
{
    public const string AcceptSplitBrain = "--accept-split-brain";
    public const string AcceptOtherOwner = "--accept-other-owner";
    public const string AcceptUnhealthyTarget = "--accept-unhealthy-target";

    public static IReadOnlyList<Refusal> Check(Fleet fleet, FailoverSituation now, IReadOnlyList<ITrafficSwitch> switches)
    {
        if (now.Request.From.Name == now.Request.To.Name)
            return [new("different-nodes", $"FROM and TO are both {now.Request.From.Name}", Next: "lbctl assess")];
        if (now.ObserverIsolated)
            return [new("observer-isolated",
                $"{ObserverIsolatedRule.Why(now.Facts.Observation)}. That is our own network far more likely than theirs: nothing can be "
                    + "said, and nothing is done, from here", Next: "lbctl assess")];
        return [.. Vips(fleet, now, switches), .. Target(now), .. SourceGuards.Check(now), .. UndeclaredGuards.Check(fleet, now),
            .. switches.SelectMany(s => s.Guards()), .. OpenConnections.Guards(now)];
    }

    private static IEnumerable<Refusal> Vips(Fleet fleet, FailoverSituation now, IReadOnlyList<ITrafficSwitch> switches)
    {
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        if (fleet.Vips.Count == 0)
        {
            if (switches.Any(s => s.Moves))
                yield break;
            yield return new("virtual-ip", $"cluster {fleet.Cluster} has no virtual IP: there is nothing that a failover could move");
            yield break;
        }
        if (now.VipsToMove.Count > 0 || (!now.From.Reachable && now.VipsOnTarget.Count > 0))
            yield break;
        if (now.VipsOnTarget.Count > 0)
        {
            // With something left of a hand-over the command is how it is cleaned up.
            if (!now.Facts.RepeatsLastRun && now.EarlierHandOvers.Count == 0)
                yield return new("source-holds-vip", $"{from} holds no virtual IP, {to} does: are the nodes swapped?",
                    Next: $"lbctl failover {to} {from}");
            yield break;
        }
        var (vip, holder) = now.VipsElsewhere[0];
        yield return now.From.Reachable
            ? new("source-holds-vip", $"{from} holds no virtual IP; {holder} holds {vip.Name} ({vip.Address})",
                Next: $"lbctl failover {holder} {to}")
            : new("source-holds-vip", $"{from} cannot be reached, and {holder} holds {vip.Name} ({vip.Address}): there is nothing to move",
                Next: "lbctl assess");
    }

    private static IEnumerable<Refusal> Target(FailoverSituation now)
    {
        var (to, seen, request) = (now.Request.To, now.To, now.Request);
        if (seen.Reach == Reach.SudoNeedsPassword)
        {
            yield return new("target-sudo",
                $"nothing can be changed on {to.Name}: sudo needs a password for {to.Ssh.User ?? "this login"} there ({seen.ReachDetail})",
                Next: "lbctl assess");
            yield break;
        }
        if (!seen.Reachable)
        {
            yield return new("target-reachable", $"{to.Name} cannot be reached: {seen.ReachDetail ?? seen.Reach.ToString()}",
                Next: "lbctl assess");
            yield break;
        }
        if (request.AcceptUnhealthyTarget)
            yield break;
        if (now.Facts.TargetConfigurationError is { } error)
            yield return new("target-configuration", $"the configuration test of {to.ProxyName} on {to.Name} fails: {error}",
                AcceptUnhealthyTarget);
        if (seen is { Service.Active: true, Proxy: { Answers: false } proxy })
            yield return new("target-proxy-answers", $"{to.ProxyName} on {to.Name} runs but does not answer: {proxy.Error}",
                AcceptUnhealthyTarget);
    }
}
