using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class ListCommand
{
    public static Command Build(CliContext context)
    {
        var command = new Command("list", "The labs on this machine");
        LabAction.Set(command, context, async (_, _) =>
        {
            LabPreflight.RequireRoot();
            foreach (var name in LabRegistry.Names())
            {
                var state = LabStateFile.TryRead(new LabPaths(name));
                var what = state is null
                    ? "half-made"
                    : $"10.213.{state.Index}.0/24, {state.Proxies.Count()} {state.Proxy} nodes, {state.Backends.Count()} "
                        + $"backends{(state.Ready ? "" : ", not ready")}";
                await context.Streams.Out.WriteLineAsync($"{name}  {what}");
            }
            return ExitCode.Done;
        });
        return command;
    }
}
