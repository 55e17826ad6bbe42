using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;

namespace LbRunbook.Cli.Verbs.Undo;

/// <summary>
/// <c>lbctl undo --last N</c>: one undo after the other, newest first, each with its own plan, prompt and journal. What an undo could not
/// do, the next one would build on: it stops there, and says what is left.
/// </summary>
internal sealed class UndoOfSeveral(CliContext context, ParseResult parse, Fleet fleet, MutationFlags flags)
{
    public async Task<int> RunAsync(JournalStore store, int count)
    {
        var runs = RunChoice.ForUndo(store, fleet.Cluster, count);
        if (runs.Count == 0)
            throw new OperatorException(ExitCode.Usage,
                $"nothing to take back: no run changed {fleet.Cluster} that was not taken back already", "lbctl history");
        if (runs.Count < count)
            throw new OperatorException(ExitCode.Usage,
                $"--last {count}: only {runs.Count} {(runs.Count == 1 ? "run" : "runs")} changed {fleet.Cluster} and "
                    + "were not taken back; nothing was changed", $"lbctl undo --last {runs.Count}");
        var worst = ExitCode.Done;
        foreach (var (i, run) in runs.Index())
        {
            context.Streams.Error.WriteLine($"undo {i + 1} of {runs.Count}: {run.RunId} ({run.Start.Title})");
            // In a dry run the newer ones are still there: that they would be gone by then is what was asked for.
            var code = await ActionRun.RunAsync(context, parse, fleet, flags, PastAction.Undo(PastRun.Of(store, run), flags.DryRun));
            if (code == ExitCode.ChangesPending)
                worst = code;
            else if (code != ExitCode.Done)
                return Stopped(code, runs, i);
        }
        if (flags.DryRun && runs.Count > 1)
            context.Streams.Error.WriteLine("Every plan was looked at as things are now, not as the undo before it would leave them.");
        return worst;
    }

    private int Stopped(int code, IReadOnlyList<RunRecord> runs, int at)
    {
        var left = runs.Skip(at).Select(r => r.RunId).ToList();
        context.Streams.Error.WriteLine($"lbctl: stopped at {left[0]}; "
            + $"{(at == 0 ? "none was taken back" : $"taken back: {string.Join(", ", runs.Take(at).Select(r => r.RunId))}")}; "
            + $"not taken back: {string.Join(", ", left)}");
        // What to do about the one that did not succeed is its own outcome's to say.
        context.Streams.Error.WriteLine($"Then: {NextCommand.From(parse, context.Options).Qualify($"lbctl undo --last {left.Count}")}");
        return code;
    }
}
