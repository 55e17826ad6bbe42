using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary><c>lbctl undo [RUN]</c>: takes the last run back, or the named one.</summary>
internal sealed class UndoCommand(CliContext context)
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "Run id (default: the last run that changed something)",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _outOfOrder = new(PastRunGuards.OutOfOrder) { Description = "Although newer runs changed the cluster" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("undo", "Take a run back") { _run, _outOfOrder };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl undo", "take the last run back"),
            ("lbctl undo --dry-run", "what that would do"),
            ("lbctl history", "find an older run's id"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var store = new JournalStore(context.State, context.Streams.Error.WriteLine);
        // An undo is not undone by saying "undo" twice: the one before it would be meant.
        var past = PastRun.Choose(store, fleet, parse.GetValue(_run),
            r => r.MayHaveChanged && r.Start.Undoes is null && store.UndoOf(r.RunId) is null,
            $"nothing to take back: no run changed {fleet.Cluster} that was not taken back already");
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), PastAction.Undo(past, parse.GetValue(_outOfOrder)));
    }
}
