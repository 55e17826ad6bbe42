using System.Globalization;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.History;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.History;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>Look, diagnose, show; once or until told to stop. The exit code is that of the last look.</summary>
internal static class AssessRun
{
    /// <summary>A node without any sign of life is not worth its whole connect timeout.</summary>
    private static readonly TimeSpan GiveUpOnSilence = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(
        CliContext context, AssessOptions options, Fleet fleet, NextCommand next, CancellationToken cancellation)
    {
        await using var open = OpenWorld.Of(context, fleet);
        return await RunAsync(context, options, fleet, next, open.World.Observer, open.World.State, cancellation);
    }

    public static async Task<int> RunAsync(
        CliContext context, AssessOptions options, Fleet fleet, NextCommand next, IFleetObserver observer, StatePaths? state,
        CancellationToken cancellation)
    {
        var view = View(context.Streams, options.Format, next);
        var scope = new ObservationScope { Budget = options.Budget, GiveUpOnSilence = GiveUpOnSilence };
        var code = ExitCode.NagiosUnknown;
        var history = state is null ? null : new HistoryStore(state);
        var journal = state is null ? null : new JournalStore(state, context.Streams.Error.WriteLine);
        do
        {
            try
            {
                var seen = await observer.ObserveAsync(fleet, scope, cancellation);
                // A look that saw nothing says something about us, not about the cluster.
                var past = Situation.IsBlind(seen) ? null : history?.Remember(fleet.Cluster, PastLook.Of(seen));
                var assessment = Assessment.Of(fleet, seen, past, journal is null ? null : UnfinishedRuns.Of(journal, fleet.Cluster),
                    journal is null ? null : StoppedKeepaliveds.Of(journal, fleet.Cluster));
                Show(context, options, view, assessment);
                code = SeverityWords.ExitCodeOf(assessment.Severity);
                if (options.Interval is { } pause)
                    await Task.Delay(pause, context.Time, cancellation);
            }
            catch (OperationCanceledException) when (options.Interval is not null)
            {
                // Ctrl-C is how a watch ends.
                return code;
            }
        }
        while (options.Interval is not null && context.Streams.OutLoss is null);
        return code;
    }

    private static void Show(CliContext context, AssessOptions options, IAssessView view, Assessment assessment)
    {
        var output = context.Streams.Out;
        if (options.Interval is null || options.Format != "human")
        {
            view.Write(assessment, output);
        }
        else if (context.Streams.ColourOut)
        {
            // One write: a screen that is cleared first and filled later flickers.
            using var page = new StringWriter();
            view.Write(assessment, page);
            output.Write($"\u001b[H{page.ToString().ReplaceLineEndings("\u001b[K\n")}\u001b[J");
        }
        else
        {
            var time = assessment.Observation.TakenAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            output.WriteLine($"{time} {SeverityWords.Of(assessment.Severity)} {PlainText.Clean(assessment.Verdict)}");
        }
        output.Flush();
    }

    private static IAssessView View(Streams streams, string format, NextCommand next) => format switch
    {
        "json" => new JsonAssessView(next),
        "nagios" => new NagiosAssessView(),
        _ => new HumanAssessView(writer => Screen.Of(writer, streams.ColourOut, streams.OutIsTerminal), next),
    };
}
