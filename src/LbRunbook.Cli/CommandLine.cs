using System.CommandLine;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Lab;
using LbRunbook.Cli.Verbs.Probe;
using LbRunbook.Core.Model;

namespace LbRunbook.Cli;

/// <summary>Verb → class, nothing else.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("The load-balancer emergency playbook as verbs.");
        context.Options.AddTo(root);
        root.Subcommands.Add(LabCommand.Build(context));
        root.Subcommands.Add(new ProbeCommand(context, Missing<Fleet>, () => Missing<IRemoteShell>(null)).Create());
        root.UseExampleHelp();
        return root;
    }

    /// <summary>What needs the configuration or a login says that it is not there yet; a probe of a URL from here needs neither.</summary>
    private static T Missing<T>(ParseResult? parse) =>
        throw new CliException(ExitCode.Configuration, $"this build cannot read a cluster's configuration yet; give a URL and no --from ({parse?.CommandResult.Command.Name ?? "shell"})", "lbctl probe http://192.0.2.10/");
}
