using System.CommandLine;

namespace LbRunbook.Cli.Verbs.Lab;

/// <summary><c>lbctl lab …</c>: a disposable real fleet on this machine, for practice, demonstration and tests.</summary>
internal static class LabCommand
{
    public static Command Build(CliContext context) => new("lab", "A disposable real fleet on this machine: practise, demonstrate, test")
    {
        UpCommand.Build(context),
        StatusCommand.Build(context),
        ConfigCommand.Build(context),
        ExecCommand.Build(context),
        BreakCommand.Build(context),
        HealCommand.Build(context),
        DownCommand.Build(context),
        ListCommand.Build(context),
    };
}
