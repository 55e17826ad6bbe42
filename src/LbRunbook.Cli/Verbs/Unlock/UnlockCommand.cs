using System.CommandLine;
using System.Diagnostics;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.Unlock;

/// <summary>
/// <c>lbctl unlock --confirm CLUSTER</c>: takes the lease away from whoever has it; their run changes nothing more from then on. It is
/// journaled as a run of its own that changed nothing an undo could take back.
/// </summary>
internal sealed class UnlockCommand(CliContext context)
{
    private readonly Option<string?> _confirm = new("--confirm")
    {
        Description = "The cluster's name, instead of typing it at the prompt",
        HelpName = "CLUSTER",
    };
    private readonly Option<bool> _alive = new(UnlockGuard.AlthoughAlive)
    {
        Description = "Although the holder's process is alive on this machine",
    };

    public Command Create()
    {
        var command = new Command("unlock", "Take the cluster's lease away from whoever has it") { _confirm, _alive };
        command.SetAction(RunAsync);
        return command.WithExamples(
            ("lbctl locks", "look first: who has it, and until when"),
            ("lbctl unlock --confirm web-prod", "take it away; their run changes nothing more"));
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellation)
    {
        context.Changes = true;
        var fleet = FleetSource.Load(parse, context);
        using var view = RunViews.Create(parse, context, fleet);
        await using var open = OpenWorld.Of(context, fleet);
        var consent = new TerminalConsent(yes: false, parse.GetValue(_confirm), context.Streams, CommandText.Without(parse, "--confirm"));
        var outcome = await new UnlockSession(open.World, consent, [new ShownRun(view, context.Streams), new LoggedRun()])
            .RunAsync(parse.GetValue(_alive), NextCommand.From(parse, context.Options).Qualify, cancellation);
        return outcome.ExitCode;
    }
}
