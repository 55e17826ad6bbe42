using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary><c>lbctl undo [RUN]</c>: takes the last run back, or the named one.</summary>
internal sealed class UndoCommand(CliContext context)
{
    public const string OutOfOrder = "--out-of-order";

    private readonly Argument<string?> _run = new("RUN") { Description = "Run id (default: the last run that changed something)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _outOfOrder = new(OutOfOrder) { Description = "Although newer runs changed the cluster" };
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

    private async Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var state = StatePaths.OfProcess();
        var store = new JournalStore(state);
        var run = Choose(store, fleet, parse.GetValue(_run));
        var newer = store.Newest(fleet.Cluster)
            .TakeWhile(r => r.RunId != run.RunId)
            .Where(r => r.MayHaveChanged && r.Start.Undoes is null && store.UndoOf(r.RunId) is null)
            .ToList();
        var result = UndoPlanner.Build(fleet, run, store.UndoOf(run.RunId), newer, parse.GetValue(_outOfOrder));

        await using var adapters = AdapterSet.Open(fleet);
        using var view = RunViews.Create(parse, context);
        using var gap = fleet.Vips.Count > 0 ? new GapMeter(fleet.Vips[0], context.Time) : null;
        var scope = new ObservationScope { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(500) };
        return await new RunSession(context, adapters, state, view).RunAsync(new RunRequest
        {
            Verb = "undo",
            Fleet = fleet,
            Next = NextCommand.From(parse, context.Options),
            Flags = _mutation.Read(parse),
            CommandLine = CommandText.Of(parse),
            Gap = gap,
            ProposeAsync = async cancellation => new(result, await FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation)),
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation),
        });
    }

    private static RunRecord Choose(JournalStore store, Fleet fleet, string? id)
    {
        if (id is null)
        {
            // An undo is not undone by saying "undo" twice: the one before it would be meant.
            return store.Newest(fleet.Cluster).FirstOrDefault(r => r.MayHaveChanged && r.Start.Undoes is null && store.UndoOf(r.RunId) is null)
                ?? throw new CliException(ExitCode.Usage, $"nothing to take back: no run changed {fleet.Cluster} that was not taken back already", "lbctl history");
        }
        if (store.Find(id) is { } found)
            return found;
        var near = Nearest.To(id, store.Newest(fleet.Cluster).Select(r => r.RunId));
        throw new CliException(ExitCode.Usage, $"no run '{id}'{(near is null ? "" : $"; did you mean {near}?")}", "lbctl history");
    }
}
