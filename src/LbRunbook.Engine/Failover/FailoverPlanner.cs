using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Failover.Switches;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Failover;

/// <summary>Pure: what was configured, seen and asked for becomes a plan, or all the reasons why not.</summary>
internal static class FailoverPlanner
{
    public static PlanResult Build(Fleet fleet, FailoverFacts facts, FailoverRequest request)
    {
        var now = new FailoverSituation(fleet, facts, request);
        var switches = TrafficSwitches.Of(now);
        var refusals = FailoverGuards.Check(fleet, now, switches);
        if (refusals.Count > 0)
            return PlanResult.Refused(refusals);
        IReadOnlyList<ITrafficSwitch> moving = [.. switches.Where(s => s.Moves)];
        var open = new OpenConnections(now);
        return PlanResult.Of(new Plan
        {
            Verb = request.Verb,
            Cluster = fleet.Cluster,
            Environment = fleet.Environment,
            Title = Title(now, moving[0]),
            Steps =
            [
                .. EndEarlier(now), Start(now), .. moving.SelectMany(s => s.Prepare()), .. Ready(now), .. Fence(now), .. open.Before(),
                .. moving.SelectMany(s => s.Move()), .. moving.SelectMany(s => s.Prove()), .. open.After(), .. StopOld(now),
            ],
            OnFailure = OnFailure.Stop,
            Risk = RiskOf(fleet, now),
            Warnings = [.. HandOverWarnings.Of(now), .. switches.SelectMany(s => s.Warnings()), .. Warnings(now)],
            Afterwards = [.. moving.SelectMany(s => s.Afterwards())],
            Subjects = Subjects(now),
        });
    }

    /// <summary>In the journal: who finds this run later must see what risk was taken.</summary>
    private static Dictionary<string, string> Subjects(FailoverSituation now)
    {
        var subjects = new Dictionary<string, string> { ["from"] = now.Request.From.Name, ["to"] = now.Request.To.Name };
        List<string> accepted = [];
        if (now.Holder == HolderAction.Ask)
            accepted.Add("split brain (asked)");
        else if (now.Request.AcceptSplitBrain && now.FromVerdict is ReachVerdict.Alive or ReachVerdict.Undecided)
            accepted.Add("split brain");
        if (now.Request.AcceptOtherOwner)
            accepted.Add("other owner");
        if (accepted.Count > 0)
            subjects["accepted"] = string.Join(", ", accepted);
        return subjects;
    }

    private static string Title(FailoverSituation now, ITrafficSwitch move)
    {
        var what = string.Join(", ", now.Moving.Select(v => $"{v.Name} ({v.Address})"));
        var (from, to) = (now.Request.From.Name, now.Request.To.Name);
        if (now.VipsToMove.Count == 0)
            return $"{what} is on {to} already: make sure that it serves";
        return now.Mode is FailoverMode.HostGone or FailoverMode.FenceFirst
            ? $"move {what} to {to}: {move.Manner}"
            : $"move {what} from {from} to {to}: {move.Manner}";
    }

    /// <summary>What an earlier hand-over has left passes packets to and fro between the very two nodes.</summary>
    private static IEnumerable<PlannedStep> EndEarlier(FailoverSituation now) =>
        now.EarlierHandOvers.Select(h => new PlannedStep(new HandOverEndStep(h.Node, h.Left.Id)));

    private static PlannedStep Start(FailoverSituation now) => new(new ServiceStateStep(now.Request.To.Name, Active: true, Enabled: true));

    private static IEnumerable<PlannedStep> Ready(FailoverSituation now) =>
        now.Request.AcceptUnhealthyTarget ? [] : [new(new ProxyReadyStep(now.Request.To.Name))];

    /// <summary>
    /// After TO has proven that it can serve, and once for all addresses. From here to the new holder nobody serves: no place to stop.
    /// </summary>
    private static IEnumerable<PlannedStep> Fence(FailoverSituation now) =>
        now.Mode == FailoverMode.FenceFirst ? [new(FenceNodeStep.Of(now.Request.From), HoldAfter: true)] : [];

    private static IEnumerable<PlannedStep> StopOld(FailoverSituation now)
    {
        if (!now.Request.StopProxy || !now.From.Reachable)
            yield break;
        var from = now.Request.From.Name;
        foreach (var port in now.Moving.Select(v => v.Port).Distinct())
            yield return new(new SessionsEndedStep(from, port, (int)now.Request.Grace.TotalSeconds));
        yield return new(new ServiceStateStep(from, Active: false, Enabled: null));
    }

    /// <summary>What only we cannot reach is asked about everywhere.</summary>
    private static Risk RiskOf(Fleet fleet, FailoverSituation now) => now.Holder == HolderAction.Ask
        ? Risk.Severe
        : RiskRule.Of(fleet.Environment, severe: now.Request.AcceptSplitBrain || now.Mode == FailoverMode.FenceFirst);

    private static IEnumerable<string> Warnings(FailoverSituation now)
    {
        var from = now.Request.From.Name;
        if (now is { Mode: FailoverMode.Planned, HandsOver: null, From.Proxy: { CurrentConnections: > 1 } proxy })
            yield return $"about {proxy.CurrentConnections} connections are open on {from}: established ones are reset, new ones "
                + $"go to {now.Request.To.Name}";
        if (now.Mode == FailoverMode.FenceFirst)
            yield return $"{from} is alive ({ReachVerdicts.Words(now.From)}) and will be fenced: that cannot be undone, it has "
                + "to be brought back by hand";
        if (now.Holder == HolderAction.Ask)
            yield return $"only this machine says that {from} is down ({ReachVerdicts.Words(now.From)}): if it lives, two "
                + "holders split the traffic";
        if (now.Request.AcceptSplitBrain && now.FromVerdict is ReachVerdict.Alive or ReachVerdict.Undecided)
            yield return $"split brain accepted: {from} may still answer for the same address";
        if (now.Request.StopProxy && !now.From.Reachable)
            yield return $"--stop-proxy: {from} is not reachable, its proxy is left as it is";
        if (now.Facts.TargetConfigurationUntested is { } untested)
            yield return $"the configuration of {now.Request.To.ProxyName} on {now.Request.To.Name} was not tested: {untested}";
        if (now.To.Proxy is { Answers: true } target && target.Servers.Count > 0 && target.Servers.All(s => !s.InRotation))
            yield return $"{now.Request.To.Name} sees no backend that could serve";
    }
}
