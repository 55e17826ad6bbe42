using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;

namespace LbRunbook.Cli.Verbs.Resume;

/// <summary><c>lbctl resume [RUN]</c>: finishes the last run that was cut off, or the named one.</summary>
internal sealed class ResumeCommand(CliContext context)
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "Run id, or a part of it that no other has (default: the last run that was cut off)",
        Arity = ArgumentArity.ZeroOrOne,
    };
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
        var store = new JournalStore(context.State, context.Streams.Error.WriteLine);
        var run = parse.GetValue(_run) is { } id
            ? RunChoice.ByName(store, id)
            : RunChoice.ForResume(store, fleet.Cluster) ?? throw new OperatorException(ExitCode.Usage,
                $"nothing to finish: no run on {fleet.Cluster} was cut off that newer ones have not superseded", "lbctl history");
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse),
            PastAction.Resume(PastRun.Of(store, run), parse.GetValue(_outOfOrder), parse.GetValue(_old)));
    }
}
