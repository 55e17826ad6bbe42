using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>From a typed command to the engine's run and back to an exit code: the one way of all verbs that change something.</summary>
internal static class ActionRun
{
    public static async Task<int> RunAsync(CliContext context, ParseResult parse, Fleet fleet, MutationFlags flags, IAction action)
    {
        if (context.Instead is { } instead)
            return await instead(fleet, flags, action);
        using var view = RunViews.Create(parse, context, fleet);
        context.Changes |= !flags.DryRun;
        var command = CommandText.Of(parse);
        await using var open = OpenWorld.Of(context, fleet);
        using var interrupts = new Interrupts(context.Signals);
        var consent = new TerminalConsent(flags.Yes, flags.Confirm, context.Streams, command);
        var outcome = await new RunSession(open.World, consent, interrupts,
            [new ShownRun(view, context.Streams), new LoggedRun()]).RunAsync(action, new()
        {
            DryRun = flags.DryRun,
            DetailedExitCode = flags.DetailedExitCode,
            Command = command,
            Qualify = NextCommand.From(parse, context.Options).Qualify,
        });
        return outcome.ExitCode;
    }
}
