using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Verbs.Welcome;

/// <summary>Bare <c>lbctl</c>: the cluster's state first, then what to type; never more than 15 lines.</summary>
internal sealed class WelcomeCommand(CliContext context)
{
    /// <summary>Long enough for a cold login, short enough not to be waited for.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(3);

    private const int MostNodes = 5;

    public async Task<int> RunAsync(ParseResult parse)
    {
        var output = context.Streams.Out;
        var style = new Style(context.Streams.ColourOut);
        var next = NextCommand.From(parse, context.Options);
        try
        {
            await WriteStateAsync(parse, output, style);
        }
        catch (OperatorException e)
        {
            output.WriteLine(e.Message.Split('\n')[0]);
            if (e.Next is { } cure)
                output.WriteLine($"Next: {style.Command(cure)}");
        }
        foreach (var (command, meaning) in ((string, string)[])
        [
            ("lbctl assess", "what is wrong, and what to type next"),
            ("lbctl failover FROM TO", "move the traffic of one node to another"),
            ("lbctl undo", "take the last run back"),
            ("lbctl history", "what was done, when, by whom"),
            ("lbctl --help", "everything else"),
        ])
            output.WriteLine($"  {style.Command(next.Qualify(command)),-34}  {meaning}");
        return ExitCode.Done;
    }

    private async Task WriteStateAsync(ParseResult parse, TextWriter output, Style style)
    {
        var fleet = FleetSource.Load(parse, context);
        await using var open = OpenWorld.Of(context, fleet);
        // Who we speak of is there at once; what is seen comes when it is seen.
        output.WriteLine($"{style.Bold(fleet.Cluster)} ({fleet.Environment.ToString().ToLowerInvariant()})");
        output.Flush();
        var scope = new ObservationScope { Full = false, Budget = Budget, GiveUpOnSilence = TimeSpan.FromSeconds(1) };
        var seen = await open.World.Observer.ObserveAsync(fleet, scope, CancellationToken.None);
        foreach (var line in TopologyLines.Of(fleet, seen).Take(MostNodes))
            output.WriteLine($"  {line}");
        output.WriteLine(Assessment.Of(fleet, seen).Verdict);
    }
}
