using System.Diagnostics;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs.Locking;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// The way of every mutation: lock, look, plan, show, ask, look again if that took long, run, look, tell. The verbs only bring their planner.
/// </summary>
internal sealed class RunSession(CliContext context, IPorts ports, StatePaths state, IRunView view)
{
    /// <summary>After a prompt this long the plan may describe a world that is gone.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <returns>The process's exit code.</returns>
    public async Task<int> RunAsync(RunRequest request)
    {
        var runId = request.RunId ?? RunId.New(context.Time.GetUtcNow(), request.Verb);
        using var interrupts = new Interrupts(context.Signals, Say);
        if (request.Flags.DryRun)
            return await RunAsync(request, runId, claim: null, interrupts);
        context.Changes = true;
        var holder = OwnHolder.Of(context, request.Verb, request.CommandLine, runId);
        using var held = ClusterLock.Take(state, request.Fleet.Cluster, holder, Warn);
        if (held.IsOthers)
            return End(request, LockOutcome.Of(request, new(LockInfo.Here, held.HeldBy)), null);
        await using var claim = OwnHolder.Claim(context, request.Fleet, ports.Leases, holder, Warn);
        return await RunAsync(request, runId, claim, interrupts);
    }

    /// <param name="claim">Null in a dry run, which takes nothing from anybody.</param>
    private async Task<int> RunAsync(RunRequest request, string runId, ClusterClaim? claim, Interrupts interrupts)
    {
        request.Gap?.Start();
        Plan plan;
        try
        {
            var (proposal, lostTo) = await ClaimedLook.AsProposedAsync(request, claim, interrupts.Token);
            if (lostTo is not null)
                return End(request, LockOutcome.Of(request, await claim!.GiveWayAsync(lostTo, interrupts.Token)), null);
            if (proposal.Result.Plan is not { } proposed)
                return End(request, Refused(request, proposal.Result.Refusals), null, proposal.Before);
            plan = claim is null ? proposed : proposed with { Warnings = [.. proposed.Warnings, .. claim.Warnings()] };
            Show(() => view.Planned(request.Fleet, plan, proposal.Before));
            if (request.Flags.DryRun)
                return End(request, await DryRun.LookAsync(plan, StepContextOf(request, claim), interrupts.Token), null);
            if (await ConfirmAsync(request, plan, interrupts.Token) is { } ended)
                return End(request, ended, interrupts);
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return End(request, new() { Verb = request.Verb, Result = RunResult.Interrupted, Message = "interrupted before the first step; nothing was changed" }, interrupts);
        }
        return await ApplyAsync(request, plan, runId, claim, interrupts);
    }

    /// <returns>Null = go on.</returns>
    private async Task<RunOutcome?> ConfirmAsync(RunRequest request, Plan plan, CancellationToken interrupted)
    {
        var asked = context.Time.GetTimestamp();
        if (!await Confirmation.ObtainAsync(plan, request.Flags, context.Streams, request.CommandLine, interrupted) || interrupted.IsCancellationRequested)
            return new() { Verb = request.Verb, Result = RunResult.Interrupted, Message = "not confirmed" };
        if (context.Time.GetElapsedTime(asked) < StaleAfter)
            return null;
        var again = await request.ProposeAsync(interrupted);
        if (again.Result.Plan is not { } fresh)
            return Refused(request, again.Result.Refusals);
        return fresh.Steps.SequenceEqual(plan.Steps)
            ? null
            : Refused(request, [new("plan-still-fits", "what was seen has changed while you were asked: look at the new plan", Next: request.CommandLine)]);
    }

    private async Task<int> ApplyAsync(RunRequest request, Plan plan, string runId, ClusterClaim? claim, Interrupts interrupts)
    {
        interrupts.LastWords = $"left at once in the middle of run {runId}\nNext: {request.Next.Qualify($"lbctl resume {runId}")}   (or {request.Next.Qualify($"lbctl undo {runId}")})";
        using var whole = interrupts.WithoutSuspending();
        using var journal = JournalWriter.Open(state, runId, Warn);
        void Emit(RunEvent e)
        {
            journal.Write(e);
            Show(() => view.OnEvent(e));
            Logs.Event(runId, e);
        }
        Emit(RunStarted.Of(plan, runId, context.Time.GetUtcNow()));
        var outcome = await new PlanRunner(StepContextOf(request, claim), Emit).RunAsync(plan, interrupts.Token);
        if (claim is not null)
            outcome = await claim.ExplainAsync(outcome);
        var gap = request.Gap is null ? null : await request.Gap.StopAsync();
        // Before the lease is given back: afterwards it may be somebody else's change that is seen.
        (outcome, var after) = await LastLook.TakeAsync(request, plan, runId, outcome, context.Time);
        var releasing = claim?.ReleaseAsync() ?? Task.CompletedTask;
        if (journal.Incomplete && outcome.Changed)
            outcome = outcome with { Next = outcome.Result == RunResult.Done ? request.BackWithoutJournal ?? "lbctl assess" : "lbctl assess" };
        IReadOnlyList<string> notes = [.. outcome.Notes, .. Unsaid.SoFar(context.Streams, journal, runId)];
        outcome = outcome with { RunId = runId, Gap = gap, DurationMs = _clock.ElapsedMilliseconds, Notes = notes };
        outcome = RunEnd.Complete(request, outcome, interrupts);
        if (RecoveryAlert.Of(plan, outcome) is { } alert)
            Emit(alert with { At = context.Time.GetUtcNow() });
        Emit(outcome);
        Show(() => view.Ended(request.Fleet, outcome, after));
        await releasing;
        Unsaid.WriteDown(context, journal, runId);
        return outcome.ExitCode;
    }

    private int End(RunRequest request, RunOutcome outcome, Interrupts? interrupts, Observation? seen = null)
    {
        outcome = RunEnd.Complete(request, outcome with { At = context.Time.GetUtcNow(), DurationMs = _clock.ElapsedMilliseconds }, interrupts);
        Show(() => view.Ended(request.Fleet, outcome, seen));
        return outcome.ExitCode;
    }

    private static RunOutcome Refused(RunRequest request, IReadOnlyList<Refusal> refusals) =>
        new() { Verb = request.Verb, Result = RunResult.Refused, Refusals = refusals };

    private StepContext StepContextOf(RunRequest request, ClusterClaim? claim) => new(request.Fleet, ports, context.Time)
    {
        Mandate = claim,
        Fenced = claim?.Fence is { } fence ? ports.Behind(fence) : null,
    };

    private void Say(string line) => Show(() => view.OnEvent(new RunWarned(line) { At = context.Time.GetUtcNow() }));

    /// <summary>Whatever a view cannot do, a run goes on.</summary>
    private static void Show(Action show)
    {
        try
        {
            show();
        }
        catch (Exception e)
        {
            Logs.Bug(e);
        }
    }

    private void Warn(string message)
    {
        Logs.Warning(message);
        Say(message);
    }
}
