using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class DownCommand
{
    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var all = new Option<bool>("--all") { Description = "Every lab, and whatever a killed `up` or `down` left behind" };
        var command = new Command("down", "Take a lab away without a trace") { name.Option, all };
        LabAction.Set(command, context, async (parse, cancellation) =>
        {
            context.Changes = true;
            LabPreflight.RequireRoot();
            var sweeper = new LabSweeper(text => context.Streams.Out.WriteLine(text));
            if (parse.GetValue(all))
            {
                await sweeper.SweepAllAsync(cancellation);
                return ExitCode.Done;
            }
            var lab = name.Of(parse);
            if (!LabRegistry.Names().Contains(lab) && LabRegistry.IndexesOf(lab).Count == 0)
            {
                await context.Streams.Out.WriteLineAsync($"no lab {lab}: nothing to take away");
                return ExitCode.Done;
            }
            if (LabStateFile.TryRead(new LabPaths(lab)) is { IsBeingBuilt: true } state)
                throw new OperatorException(ExitCode.Locked,
                    $"lab {lab} is being brought up by process {state.Builder}; stop that first, or take everything "
                        + "away. Nothing was changed.", "lbctl lab down --all");
            await sweeper.SweepAsync(lab, cancellation);
            return ExitCode.Done;
        });
        return command.WithExamples(
            ("lbctl lab down", "the lab that is called lab"),
            ("lbctl lab down --all", "every lab, and what killed ones left behind"));
    }
}
