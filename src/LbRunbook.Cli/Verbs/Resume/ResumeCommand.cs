using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Runs.Past;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Resume;

/// <summary><c>lbctl resume [RUN]</c>: finishes the last run that was cut off, or the named one.</summary>
internal sealed class ResumeCommand(CliContext context)
{
    private readonly Argument<string?> _run = new("RUN") { Description = "Run id (default: the last run that was cut off)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _outOfOrder = new(PastRunGuards.OutOfOrder) { Description = "Although newer runs changed the cluster" };
    private readonly Option<bool> _old = new(ResumePlanner.AlthoughOld) { Description = "Although it began more than an hour ago" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("resume", "Finish a run that was cut off") { _run, _outOfOrder, _old };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl resume", "finish the run that was killed"),
            ("lbctl resume --dry-run", "what is left to do"),
            ("lbctl undo", "take it back instead"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var state = StatePaths.OfProcess();
        var store = new JournalStore(state, context.Streams.Error.WriteLine);
        var past = PastRun.Choose(store, fleet, parse.GetValue(_run),
            r => IsCutOff(r) && store.UndoOf(r.RunId) is null && store.ResumeOf(r.RunId) is null,
            $"nothing to finish: no run on {fleet.Cluster} was cut off");
        var result = ResumePlanner.Build(fleet, past, context.Time.GetUtcNow(), parse.GetValue(_outOfOrder), parse.GetValue(_old));
        return PastRunSession.RunAsync(context, parse, "resume", fleet, state, _mutation.Read(parse), result);
    }

    // One that is still going on is named, not passed over.
    private static bool IsCutOff(RunRecord run) => run.State is RunState.Killed or RunState.Running
        || run.Outcome is { Result: RunResult.Partial or RunResult.Interrupted or RunResult.Failed };
}
