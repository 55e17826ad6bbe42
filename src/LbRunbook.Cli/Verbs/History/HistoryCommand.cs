using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;

namespace LbRunbook.Cli.Verbs.History;

/// <summary>
/// <c>lbctl history [RUN]</c>: what was done here, newest first, or one run step by step. Reads the journal, contacts nobody.
/// </summary>
internal sealed class HistoryCommand(CliContext context)
{
    private readonly Argument<string?> _run = new("RUN")
    {
        Description = "Show one run, step by step: its id, or a part of it that no other has",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<int> _limit = new("--limit", "-n")
    {
        Description = "How many runs",
        HelpName = "N",
        DefaultValueFactory = _ => 20,
    };
    private readonly Option<bool> _all = new("--all") { Description = "All clusters" };

    public Command Create()
    {
        var command = new Command("history", "What was done, when, by whom, and how it ended") { _run, _limit, _all };
        command.SetAction(Run);
        return command.WithExamples(
            ("lbctl history", "the last runs"),
            ("lbctl history 20260102-030405-617-failover", "one run, step by step"),
            ("lbctl history --output json", "JSON Lines, for a report"));
    }

    private int Run(ParseResult parse)
    {
        var store = new JournalStore(context.State, context.Streams.Error.WriteLine);
        var next = NextCommand.From(parse, context.Options);
        IHistoryView view = parse.GetValue(context.Options.Output) switch
        {
            "json" => new JsonHistoryView(context.Streams.Out),
            "human" => new HumanHistoryView(context.Streams, next),
            var other => throw new OperatorException(ExitCode.Usage, $"--output {other}: this verb knows human and json",
                "lbctl history --help"),
        };
        if (parse.GetValue(_run) is { } id)
        {
            var run = RunChoice.ByName(store, id);
            view.One(run, store.Since(run.RunId));
            return ExitCode.Done;
        }
        var fleet = parse.GetValue(_all) ? null : FleetSource.Load(parse, context);
        // Each is shown as it is read: nobody waits for a thousand journals to see the last ones.
        view.Many(store.Newest(fleet?.Cluster).Take(Math.Max(1, parse.GetValue(_limit))));
        if (fleet is not null && StandbyReminder.Of(fleet, store.Newest(fleet.Cluster)) is { } reminder)
            view.Remind(reminder);
        return ExitCode.Done;
    }
}

internal interface IHistoryView
{
    /// <param name="runs">Newest first, read as they are shown.</param>
    void Many(IEnumerable<RunRecord> runs);

    /// <param name="lineage">Of all newer runs.</param>
    void One(RunRecord run, RunLineage lineage);

    /// <summary>After the runs.</summary>
    void Remind(StandbyReminder reminder);
}
