using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Claims;

/// <summary>
/// Takes the cluster's lease away from whoever has it: a run of its own that changed nothing an undo could take back. It takes no lease
/// itself, for that is what it breaks.
/// </summary>
internal sealed class UnlockSession(World world, IConsent consent, IReadOnlyList<IRunSubscriber> subscribers)
{
    private const string Verb = "unlock";

    private readonly RunEvents _events = new(subscribers, world.Time, world.OnBug);

    /// <param name="althoughAlive">The holder's process may live on this machine.</param>
    /// <param name="qualify">See <see cref="RunOptions.Qualify"/>.</param>
    /// <param name="cancellation">Somebody does not want it any more.</param>
    public async Task<RunOutcome> RunAsync(bool althoughAlive, Func<string, string> qualify, CancellationToken cancellation)
    {
        var started = world.Time.GetTimestamp();
        var places = await new LockSurvey(world).ReadAsync(cancellation);
        if (UnlockGuard.Decide(world.Fleet, places, althoughAlive) is { } decided)
            return End(decided);
        var plan = PlanOf(places);
        _events.Emit(PlanMade.Of(plan, before: null));
        if (!await consent.ObtainAsync(plan, cancellation))
            return End(new() { Verb = Verb, Result = RunResult.Interrupted, ExitCode = ExitCode.Interrupted, Message = "not confirmed",
                Next = "lbctl locks" });
        using var journal = Open(plan);
        return End(await BreakAsync(places, journal.RunId, cancellation));

        RunOutcome End(RunOutcome outcome)
        {
            outcome = outcome with
            {
                DurationMs = (long)world.Time.GetElapsedTime(started).TotalMilliseconds,
                Next = qualify(outcome.Next ?? "lbctl locks"),
            };
            _events.Emit(outcome);
            return outcome;
        }
    }

    private JournalWriter Open(Plan plan)
    {
        var now = world.Time.GetUtcNow();
        var runId = RunId.New(now, Verb);
        var journal = JournalWriter.Open(world.State, runId, _events.Warn);
        _events.AddFirst(new JournalSubscriber(journal));
        _events.Emit(RunStarted.Of(plan, runId, now, world.Self));
        return journal;
    }

    private async Task<RunOutcome> BreakAsync(IReadOnlyList<LockPlace> places, string runId, CancellationToken cancellation)
    {
        var steps = await Task.WhenAll(places.Where(p => p.IsNode && p.IsLocked)
            .Select(p => new LeaseBreaking(world).BreakAsync(p, cancellation)));
        foreach (var (i, step) in steps.Index())
        {
            _events.Emit(new StepStarted(i, step.Text, 0));
            _events.Emit(new StepFinished(i, step.Status, step.Detail, step.DurationMs));
        }
        return UnlockGuard.Judge(runId, steps, places);
    }

    private Plan PlanOf(IReadOnlyList<LockPlace> places) => new()
    {
        Verb = Verb,
        Cluster = world.Fleet.Cluster,
        Environment = world.Fleet.Environment,
        Title = $"take the lease on {world.Fleet.Cluster} away from {string.Join(" and from ", Holders(places))}",
        Steps = [],
        // A practice range included: somebody else's change is cut off in the middle.
        Risk = Risk.Severe,
        Warnings = [.. UnlockGuard.Warnings(places)],
        Budget = TimeSpan.FromSeconds(5),
    };

    private static IEnumerable<string> Holders(IReadOnlyList<LockPlace> places) =>
        places.Where(p => p.IsLocked).Select(p => p.Info!.Holder?.ToString() ?? "somebody unknown").Distinct();
}
