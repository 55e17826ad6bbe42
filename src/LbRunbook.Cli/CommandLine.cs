using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Lab;

namespace LbRunbook.Cli;

/// <summary>Verb → class, nothing else.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("The load-balancer emergency playbook as verbs.");
        context.Options.AddTo(root);
        root.Subcommands.Add(LabCommand.Build(context));
        root.UseExampleHelp();
        return root;
    }
}
