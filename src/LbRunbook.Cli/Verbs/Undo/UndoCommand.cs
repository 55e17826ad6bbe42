using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary><c>lbctl undo [RUN]</c>: takes the last run back, the named one, or the last few.</summary>
internal sealed class UndoCommand(CliContext context)
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "Run id, or a part of it that no other has (default: the last run that changed something)",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<int?> _last = new("--last")
    {
        Description = "The last N runs that changed something, newest first, each with its own plan; stops at the first that fails",
        HelpName = "N",
    };
    private readonly Option<bool> _outOfOrder = new(PastRunGuards.OutOfOrder) { Description = "Although newer runs changed the cluster" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("undo", "Take a run back") { _run, _last, _outOfOrder };
        _mutation.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_last) is { Implicit: false } last)
            {
                if (result.GetResult(_run) is { Tokens.Count: > 0 })
                    result.AddError("RUN and --last exclude each other: one names a run, the other counts them");
                if (last.GetValueOrDefault<int?>() is not > 0)
                    result.AddError("--last: how many runs, 1 or more");
            }
        });
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl undo", "take the last run back"),
            ("lbctl undo --dry-run", "what that would do"),
            ("lbctl undo --last 3", "take the last three back, newest first"),
            ("lbctl history", "find an older run's id"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var store = new JournalStore(context.State, context.Streams.Error.WriteLine);
        if (parse.GetValue(_last) is { } count)
            return new UndoOfSeveral(context, parse, fleet, _mutation.Read(parse)).RunAsync(store, count);
        var run = parse.GetValue(_run) is { } id ? RunChoice.ByName(store, id)
            : RunChoice.ForUndo(store, fleet.Cluster, 1) is [var newest] ? newest
            : throw new OperatorException(ExitCode.Usage,
                $"nothing to take back: no run changed {fleet.Cluster} that was not taken back already", "lbctl history");
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse),
            PastAction.Undo(PastRun.Of(store, run), parse.GetValue(_outOfOrder)));
    }
}
