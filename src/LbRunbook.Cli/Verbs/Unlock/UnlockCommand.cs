using System.CommandLine;
using System.Diagnostics;
using LbRunbook.Adapters;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Runs.Locking;
using LbRunbook.Cli.Verbs.Locks;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Unlock;

/// <summary>
/// <c>lbctl unlock --confirm CLUSTER</c>: takes the lease away from whoever has it; their run changes nothing more from then on. It is
/// journaled as a run of its own that changed nothing an undo could take back.
/// </summary>
internal sealed class UnlockCommand(CliContext context)
{
    private readonly Option<string?> _confirm = new("--confirm") { Description = "The cluster's name, instead of typing it at the prompt", HelpName = "CLUSTER" };
    private readonly Option<bool> _alive = new(UnlockGuard.AlthoughAlive) { Description = "Although the holder's process is alive on this machine" };

    public Command Create()
    {
        var command = new Command("unlock", "Take the cluster's lease away from whoever has it") { _confirm, _alive };
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("lbctl locks", "look first: who has it, and until when"),
            ("lbctl unlock --confirm web-prod", "take it away; their run changes nothing more"));
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        context.Changes = true;
        var fleet = FleetSource.Load(parse, context);
        var next = NextCommand.From(parse, context.Options);
        var state = StatePaths.OfProcess();
        using var view = RunViews.Create(parse, context);
        await using var adapters = AdapterSet.Open(fleet);
        var places = await new LockSurvey(fleet, adapters.Leases, state).ReadAsync(cancellation);

        var outcome = UnlockGuard.Decide(fleet, places, parse.GetValue(_alive));
        if (outcome is null)
        {
            var plan = PlanOf(fleet, places);
            view.Planned(fleet, plan, null);
            var flags = new MutationFlags(DryRun: false, DetailedExitCode: false, Yes: false, parse.GetValue(_confirm));
            outcome = await Confirmation.ObtainAsync(plan, flags, context.Streams, CommandText.Without(parse, "--confirm"), cancellation)
                ? await BreakAsync(fleet, adapters, state, plan, view, places, cancellation)
                : new() { Verb = "unlock", Result = RunResult.Interrupted, ExitCode = ExitCode.Interrupted, Message = "not confirmed", Next = "lbctl locks" };
        }
        view.Ended(fleet, outcome with { At = context.Time.GetUtcNow(), DurationMs = clock.ElapsedMilliseconds, Next = next.Qualify(outcome.Next ?? "lbctl locks") }, null);
        return outcome.ExitCode;
    }

    private async Task<RunOutcome> BreakAsync(
        Fleet fleet, AdapterSet adapters, StatePaths state, Plan plan, IRunView view, IReadOnlyList<LockPlace> places, CancellationToken cancellation)
    {
        var runId = RunId.New(context.Time.GetUtcNow(), "unlock");
        using var journal = JournalWriter.Open(state, runId, Logs.Warning);
        void Emit(RunEvent e)
        {
            e = e with { At = context.Time.GetUtcNow() };
            journal.Write(e);
            Logs.Event(runId, e);
            view.OnEvent(e);
        }
        var own = OwnHolder.Of(context, "unlock", "lbctl unlock", runId);
        Emit(new RunStarted
        {
            RunId = runId, Verb = "unlock", Cluster = fleet.Cluster, Environment = fleet.Environment.ToString().ToLowerInvariant(),
            Title = plan.Title, Plan = [], User = own.User, Host = own.Host, Pid = own.Pid,
        });
        var steps = await Task.WhenAll(places.Where(p => p.IsNode && p.IsLocked)
            .Select(p => new LeaseBreaking(adapters.Leases, fleet, context.Time).BreakAsync(p, cancellation)));
        for (var i = 0; i < steps.Length; i++)
        {
            Emit(new StepStarted(i, steps[i].Text, 0));
            Emit(new StepFinished(i, steps[i].Status, steps[i].Detail, steps[i].DurationMs));
        }
        var outcome = UnlockGuard.Judge(runId, steps, places);
        Emit(outcome);
        return outcome;
    }

    private static Plan PlanOf(Fleet fleet, IReadOnlyList<LockPlace> places) => new()
    {
        Verb = "unlock",
        Cluster = fleet.Cluster,
        Environment = fleet.Environment,
        Title = $"take the lease on {fleet.Cluster} away from {string.Join(" and from ", places.Where(p => p.IsLocked).Select(p => p.Info!.Holder?.ToString() ?? "somebody unknown").Distinct())}",
        Steps = [],
        Risk = Risk.Severe,
        Warnings = [.. UnlockGuard.Warnings(places)],
        Budget = TimeSpan.FromSeconds(5),
    };
}
