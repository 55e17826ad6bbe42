using System.CommandLine;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Assess;
using LbRunbook.Cli.Verbs.Lab;
using LbRunbook.Cli.Verbs.Probe;

namespace LbRunbook.Cli;

/// <summary>Verb → class, nothing else.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("The load-balancer emergency playbook as verbs.");
        context.Options.AddTo(root);
        root.Subcommands.Add(AssessCommand.Build(context));
        root.Subcommands.Add(LabCommand.Build(context));
        root.Subcommands.Add(new ProbeCommand(context, parse => FleetSource.Load(parse, context), () => OpenSshShell.Create(RuntimeDirectory.Default())).Create());
        root.UseExampleHelp();
        return root;
    }
}
