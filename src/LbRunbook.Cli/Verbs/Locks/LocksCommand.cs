using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.Locks;

/// <summary>
/// <c>lbctl locks</c>: who works on the cluster, as this machine and every node know it. A status verb: 0 nobody, 1 somebody, 2 something
/// is wrong with it, 3 no node could be asked.
/// </summary>
internal sealed class LocksCommand(CliContext context)
{
    public Command Create()
    {
        var command = new Command("locks", "Who is working on the cluster: the lock here and the lease on every node");
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("lbctl locks", "who, since when, until when, and whether they still live"),
            ("lbctl locks --output json", "the same as one JSON document"),
            ("lbctl unlock --confirm web-prod", "take it away from them"));
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        var fleet = FleetSource.Load(parse, context);
        var next = NextCommand.From(parse, context.Options);
        Action<Fleet, IReadOnlyList<LockPlace>, int> show = parse.GetValue(context.Options.Output) switch
        {
            "json" => (f, places, code) => JsonLocksView.Write(context.Streams.Out, f, places, code),
            "human" => (f, places, _) => new HumanLocksView(context.Streams, next).Write(f, places),
            var other => throw new OperatorException(ExitCode.Usage, $"--output {other}: this verb knows human and json",
                "lbctl locks --help"),
        };
        await using var open = OpenWorld.Of(context, fleet);
        var places = await new LockSurvey(open.World).ReadAsync(cancellation);
        var exitCode = ExitCodeOf(places);
        show(fleet, places, exitCode);
        return exitCode;
    }

    internal static int ExitCodeOf(IReadOnlyList<LockPlace> places)
    {
        var holders = places.Where(p => p.State == LockState.Held).Select(p => p.Info!.Holder?.RunId ?? p.Id).Distinct().Count();
        if (holders > 1 || places.Any(p => p.State == LockState.Unreadable || p is { State: LockState.Held, Process: HolderProcess.Gone }))
            return ExitCode.NagiosCritical;
        if (holders > 0)
            return ExitCode.NagiosWarning;
        return places.Where(p => p.IsNode).All(p => p.State == LockState.Unknown) ? ExitCode.NagiosUnknown : ExitCode.NagiosOk;
    }
}
