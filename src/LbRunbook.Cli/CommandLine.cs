using System.CommandLine;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Assess;
using LbRunbook.Cli.Verbs.AutoRecover;
using LbRunbook.Cli.Verbs.Drain;
using LbRunbook.Cli.Verbs.Failover;
using LbRunbook.Cli.Verbs.History;
using LbRunbook.Cli.Verbs.IsolateBackend;
using LbRunbook.Cli.Verbs.Lab;
using LbRunbook.Cli.Verbs.Locks;
using LbRunbook.Cli.Verbs.Probe;
using LbRunbook.Cli.Verbs.RestoreBackend;
using LbRunbook.Cli.Verbs.Resume;
using LbRunbook.Cli.Verbs.ScaleIn;
using LbRunbook.Cli.Verbs.ScaleOut;
using LbRunbook.Cli.Verbs.Undo;
using LbRunbook.Cli.Verbs.Unlock;
using LbRunbook.Cli.Verbs.Welcome;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli;

/// <summary>Verb → class, nothing else.</summary>
internal static class CommandLine
{
    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("The load-balancer emergency playbook as verbs.");
        context.Options.AddTo(root);
        root.Subcommands.Add(AssessCommand.Build(context));
        root.Subcommands.Add(new FailoverCommand(context).Create());
        root.Subcommands.Add(new IsolateBackendCommand(context).Create());
        root.Subcommands.Add(new RestoreBackendCommand(context).Create());
        root.Subcommands.Add(new DrainCommand(context).Create());
        root.Subcommands.Add(new AutoRecoverCommand(context).Create());
        root.Subcommands.Add(new ScaleOutCommand(context).Create());
        root.Subcommands.Add(new ScaleInCommand(context).Create());
        root.Subcommands.Add(new UndoCommand(context).Create());
        root.Subcommands.Add(new ResumeCommand(context).Create());
        root.Subcommands.Add(new HistoryCommand(context).Create());
        root.Subcommands.Add(new LocksCommand(context).Create());
        root.Subcommands.Add(new UnlockCommand(context).Create());
        root.Subcommands.Add(new ProbeCommand(context, parse => FleetSource.Load(parse, context),
            () => Connections.Open(SshClientVariable.Of(context))).Create());
        root.Subcommands.Add(LabCommand.Build(context));
        root.SetAction((parse, _) => new WelcomeCommand(context).RunAsync(parse));
        root.WithExamples(
            ("lbctl assess", "what is wrong, and what to type next"),
            ("lbctl failover lb1 lb2", "lb2 takes over from lb1"),
            ("lbctl undo", "take that back"),
            ("lbctl lab up", "a disposable fleet to try all of it on"));
        root.UseExampleHelp();
        return root;
    }
}
