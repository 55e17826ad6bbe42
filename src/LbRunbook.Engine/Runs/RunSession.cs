using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// The way of every change: lock, look, plan, show, ask, look again if that took long, run, look, tell. An action only brings its plan.
/// </summary>
internal sealed class RunSession(World world, IConsent consent, IInterruption interruption, IReadOnlyList<IRunSubscriber> subscribers)
{
    /// <summary>After a prompt this long the plan may describe a world that is gone.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(5);

    private readonly RunEvents _events = new(subscribers, world.Time, world.OnBug);
    private readonly long _started = world.Time.GetTimestamp();

    /// <returns>What the subscribers heard last.</returns>
    /// <exception cref="OperatorException">What was asked for makes no sense here; nothing was changed.</exception>
    public async Task<RunOutcome> RunAsync(IAction action, RunOptions options)
    {
        interruption.Say = _events.Warn;
        var run = new RunInHand(world, action, options, options.RunId ?? RunId.New(world.Time.GetUtcNow(), action.Verb));
        if (options.DryRun)
            return await RunAsync(run, claim: null);
        var holder = world.Self.Holding(action.Verb, options.Command, run.Id, world.Time.GetUtcNow());
        using var held = ClusterLock.Take(world.State, world.Fleet.Cluster, holder, _events.Warn);
        if (held.IsOthers)
            return End(run, LockOutcome.Of(run, new(LockInfo.Here, held.HeldBy)));
        await using var claim = ClusterClaim.Start(world, holder, _events.Warn);
        return await RunAsync(run, claim);
    }

    /// <param name="claim">Null in a dry run, which takes nothing from anybody.</param>
    private async Task<RunOutcome> RunAsync(RunInHand run, ClusterClaim? claim)
    {
        using var gap = GapMeter.Start(claim is null ? null : world.Clients, run.Action.Watched(world.Fleet));
        Plan plan;
        try
        {
            var (proposal, lostTo) = await ClaimedLook.AsProposedAsync(run, claim, interruption.Token);
            if (lostTo is not null)
                return End(run, LockOutcome.Of(run, await claim!.GiveWayAsync(lostTo, interruption.Token)));
            if (proposal.Result.Plan is not { } proposed)
                return End(run, run.Refused(proposal.Result.Refusals) with { Seen = proposal.Before });
            plan = claim is null ? proposed : proposed with { Warnings = [.. proposed.Warnings, .. claim.Warnings()] };
            _events.Emit(PlanMade.Of(plan, proposal.Before));
            if (run.Options.DryRun)
                return End(run, await DryRun.LookAsync(plan, run.Context(claim), interruption.Token));
            if (await ConfirmAsync(run, plan) is { } ended)
                return End(run, ended);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return End(run, run.Ended(RunResult.Interrupted, "interrupted before the first step; nothing was changed"));
        }
        return await ApplyAsync(run, plan, claim!, gap);
    }

    /// <returns>Null = go on.</returns>
    private async Task<RunOutcome?> ConfirmAsync(RunInHand run, Plan plan)
    {
        var asked = world.Time.GetTimestamp();
        if (!await consent.ObtainAsync(plan, interruption.Token) || interruption.Token.IsCancellationRequested)
            return run.Ended(RunResult.Interrupted, "not confirmed");
        if (world.Time.GetElapsedTime(asked) < StaleAfter)
            return null;
        var again = await run.ProposeAsync(interruption.Token);
        if (again.Result.Plan is not { } fresh)
            return run.Refused(again.Result.Refusals);
        return fresh.Steps.SequenceEqual(plan.Steps)
            ? null
            : run.Refused([new("plan-still-fits", "what was seen has changed while you were asked: look at the new plan",
                Next: run.Options.Command)]);
    }

    private async Task<RunOutcome> ApplyAsync(RunInHand run, Plan plan, ClusterClaim claim, GapMeter meter)
    {
        var qualify = run.Options.Qualify;
        using var whole = interruption.InTheMiddle(
            $"left at once in the middle of run {run.Id}\nNext: {qualify($"lbctl resume {run.Id}")}   (or "
                + $"{qualify($"lbctl undo {run.Id}")})");
        using var journal = JournalWriter.Open(world.State, run.Id, _events.Warn);
        _events.AddFirst(new JournalSubscriber(journal));
        _events.Emit(RunStarted.Of(plan, run.Id, world.Time.GetUtcNow(), world.Self));
        var outcome = await claim.ExplainAsync(await new PlanRunner(run.Context(claim), _events.Emit).RunAsync(plan, interruption.Token));
        var gaps = MovedTraffic.Of(plan, outcome, await meter.StopAsync());
        // Before the lease is given back: afterwards it may be somebody else's change that is seen.
        outcome = await LastLook.TakeAsync(run, plan, outcome with { Gaps = gaps, Gap = gaps.Count > 0 ? gaps[0] : null });
        var releasing = claim.ReleaseAsync();
        if (journal.Incomplete && outcome.Changed)
            outcome = outcome with
            {
                Next = outcome.Result == RunResult.Done ? run.Action.BackWithoutJournal ?? "lbctl assess" : "lbctl assess",
            };
        outcome = outcome with { RunId = run.Id, Notes = [.. outcome.Notes, .. _events.Unsaid(run.Id, !journal.Incomplete)] };
        outcome = RunEnd.Complete(run, plan, At(UnfinishedFirst.Tell(run, outcome)), interruption.ExitCode);
        if (RecoveryAlert.Of(plan, outcome) is { } alert)
            _events.Emit(alert);
        _events.Emit(outcome);
        await releasing;
        _events.TellWhoWasNotTold();
        return outcome;
    }

    /// <summary>It never became a run, and is an event all the same.</summary>
    private RunOutcome End(RunInHand run, RunOutcome outcome)
    {
        outcome = RunEnd.Complete(run, plan: null, At(UnfinishedFirst.Tell(run, outcome)), interruption.ExitCode);
        _events.Emit(outcome);
        return outcome;
    }

    private RunOutcome At(RunOutcome outcome) => outcome with
    {
        At = world.Time.GetUtcNow(),
        DurationMs = (long)world.Time.GetElapsedTime(_started).TotalMilliseconds,
    };
}
