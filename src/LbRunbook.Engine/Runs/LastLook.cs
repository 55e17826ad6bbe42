using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// The run's own last look, and what it makes of the outcome: whatever the steps have proven, a run that sees a second holder, none, the
/// wrong one or an address that does not answer when it is over has not done what it was asked to.
/// </summary>
internal static class LastLook
{
    /// <summary>What is not as it should be may be on its way there (an election, a lost packet): only what lasts counts.</summary>
    private const int Looks = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(700);

    /// <returns>The outcome with what was seen, and with what that makes of it.</returns>
    public static async Task<RunOutcome> TakeAsync(RunInHand run, Plan plan, RunOutcome outcome)
    {
        if (outcome.Result is not (RunResult.Done or RunResult.AlreadySo or RunResult.Partial or RunResult.RolledBack))
            return outcome;
        var expected = LookedFor.Of(outcome.Result is RunResult.Done or RunResult.AlreadySo ? plan.Steps : []);
        // Whoever changes no address has not become worth a second look by doing nothing.
        if (outcome.Result == RunResult.AlreadySo && expected.Count == 0)
            return outcome;
        for (var look = 1; ; look++)
        {
            var (seen, whyNot) = await LookAsync(run);
            var verdict = Verdict.Of(run.World.Fleet, expected, seen, whyNot);
            if (verdict.Wrong.Count == 0 || look == Looks)
                return verdict.Applied(outcome, plan, run.Id) with { Seen = seen };
            await Task.Delay(Pause, run.World.Time);
        }
    }

    /// <summary>It must not take away what the run has done.</summary>
    private static async Task<(Observation? Seen, string? WhyNot)> LookAsync(RunInHand run)
    {
        try
        {
            return (await run.Action.LookAfterAsync(run.World, CancellationToken.None), null);
        }
        catch (Exception e)
        {
            run.World.OnBug(e);
            return (null, e.Message);
        }
    }

    /// <param name="Wrong">Seen, and not as it must be.</param>
    /// <param name="Unknown">Not seen: address → why.</param>
    /// <param name="Count">One of the wrong things is a second holder, or none.</param>
    private sealed record Verdict(IReadOnlyList<string> Wrong, IReadOnlyList<(string Vip, string Why)> Unknown, bool Count)
    {
        public static Verdict Of(Fleet fleet, IReadOnlyDictionary<string, string> expected, Observation? seen, string? whyNot)
        {
            var (wrong, unknown, count) = (new List<string>(), new List<(string, string)>(), false);
            foreach (var vip in fleet.Vips.Where(v => expected.ContainsKey(v.Name)))
            {
                if (seen is null)
                {
                    unknown.Add((vip.Name, whyNot ?? "no look"));
                    continue;
                }
                var what = $"{vip.Name} ({vip.Address})";
                var holders = seen.HoldersOf(vip);
                var node = seen.Nodes.FirstOrDefault(n => n.Node == expected[vip.Name]);
                var through = seen.Vips.FirstOrDefault(v => v.Vip == vip.Name);
                count |= holders.Count > 1 || (holders.Count == 0 && node is { Reachable: true });
                if (holders.Count > 1)
                    wrong.Add($"{what} is on {string.Join(" and ", holders)} at once");
                else if (through?.WireMacs is { Count: > 1 } macs)
                    wrong.Add($"{string.Join(" and ", macs)} answer for {what} on the wire, asked from {through.WireVantage}");
                else if (node is { Reachable: true } && holders.Count == 0)
                    wrong.Add($"{what} is on no node that could be asked");
                else if (node is { Reachable: true } && holders[0] != node.Node)
                    wrong.Add($"{what} is on {holders[0]}, not on {node.Node}");
                else if (through?.Through is { Healthy: false } check)
                    wrong.Add($"{what} does not answer: {check.Detail}");
                else if (node is not { Reachable: true })
                    unknown.Add((vip.Name, $"{expected[vip.Name]} could not be asked ({node?.ReachDetail ?? "no answer"})"));
                else if (through?.Through is null)
                    unknown.Add((vip.Name, $"whether {what} answers was not known in time"));
            }
            return new(wrong, unknown, count);
        }

        /// <summary>
        /// What could not be seen again is not called proven by the look; the run's own proof (a third place got its answer from the right
        /// node) stands alone then, and that is said. Without one it is a human's to look.
        /// </summary>
        public RunOutcome Applied(RunOutcome outcome, Plan plan, string runId)
        {
            var why = string.Join("; ", Unknown.Select(u => $"{u.Vip}: {u.Why}"));
            if (Wrong.Count == 0 && Unknown.All(u => LookedFor.Proves(plan, outcome, u.Vip)))
                return Unknown.Count == 0 ? outcome
                    : outcome with
                    {
                        Notes = [.. outcome.Notes, $"the last look could not be made ({why}): what its steps had seen before stands alone"],
                    };
            var saw = Wrong.Count > 0
                ? $"the last look shows that {string.Join(", and that ", Wrong)}"
                : $"the last look could not be made, and no step has proven it ({why})";
            return outcome with
            {
                Result = RunResult.Partial,
                Message = $"all {plan.Steps.Count} steps ended well, but {saw}",
                // The same steps once more give it to who should have it and to nobody else; a sweep would not know whom to believe.
                Next = Count && !plan.Subjects.ContainsKey("sweep") ? $"lbctl resume {runId}" : "lbctl assess",
            };
        }
    }
}
