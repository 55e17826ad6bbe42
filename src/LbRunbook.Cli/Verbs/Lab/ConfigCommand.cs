using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class ConfigCommand
{
    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var command = new Command("config", "Print the path of the lab's cluster configuration") { name.Option };
        LabAction.Set(command, context, async (parse, _) =>
        {
            await context.Streams.Out.WriteLineAsync(name.Existing(parse).Paths.Config);
            return ExitCode.Done;
        });
        return command;
    }
}
