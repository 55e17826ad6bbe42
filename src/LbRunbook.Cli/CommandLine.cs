using System.CommandLine;
using LbRunbook.Cli.Output;

namespace LbRunbook.Cli;

/// <summary>Verb → class, nothing else.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("The load-balancer emergency playbook as verbs.");
        context.Options.AddTo(root);
        root.UseExampleHelp();
        return root;
    }
}
