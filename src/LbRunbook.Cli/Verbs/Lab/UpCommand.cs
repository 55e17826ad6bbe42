using System.CommandLine;
using System.Diagnostics;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.History;
using LbRunbook.Engine.Journal;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

internal static class UpCommand
{
    private const int MostNodes = 9;
    private const int MostBackends = 20;
    private const int MostSpares = 9;

    public static Command Build(CliContext context)
    {
        var name = new LabName(context);
        var nodes = Number("--nodes", "Load-balancer nodes", 2, MostNodes);
        var backends = Number("--backends", "Backends", 3, MostBackends);
        var spares = Number("--spares", "Emergency backends that stand by for scale-out", 0, MostSpares, least: 0);
        var proxy = new Option<string>("--proxy")
        {
            Description = "What the nodes run: haproxy or nginx",
            DefaultValueFactory = _ => "haproxy",
        };
        proxy.AcceptOnlyFromAmong("haproxy", "nginx");
        var keepalived = new Option<string?>("--keepalived")
        {
            Description = "Let keepalived carry the virtual IPs: with its defaults, or as named (preempt, nopreempt, track-file)",
            HelpName = "VARIANT",
            Arity = ArgumentArity.ZeroOrOne,
        };
        keepalived.AcceptOnlyFromAmong("preempt", "nopreempt", "track-file");
        var command = new Command("up", "Bring a lab up: real hosts with systemd, sshd, a proxy or an application") { name.Option, nodes,
            backends, spares, proxy, keepalived };
        LabAction.Set(command, context, (parse, cancellation) =>
            RunAsync(context, new LabPlan(name.Of(parse), parse.GetValue(nodes), parse.GetValue(backends), parse.GetValue(proxy)!)
            {
                Spares = parse.GetValue(spares),
                Keepalived = parse.GetResult(keepalived) is null ? LabKeepalived.None : Variant(parse.GetValue(keepalived)),
            }, cancellation));
        return command.WithExamples(
            ("lbctl lab up", "two HAProxy nodes, three backends, a client"),
            ("lbctl lab up --name nginx --proxy nginx", "another one beside it"),
            ("lbctl lab up --name more --spares 2", "with two emergency backends for scale-out"),
            ("lbctl lab up --name keep --keepalived", "keepalived carries the virtual IPs"),
            ("lbctl --lab assess", "every verb works on it"));
    }

    private static LabKeepalived Variant(string? name) => name switch
    {
        "nopreempt" => LabKeepalived.NoPreempt,
        "track-file" => LabKeepalived.TrackFile,
        _ => LabKeepalived.Preempt,
    };

    private static async Task<int> RunAsync(CliContext context, LabPlan plan, CancellationToken cancellation)
    {
        context.Changes = true;
        LabPreflight.RequireRoot();
        if (LabRegistry.Names().Contains(plan.Name))
            return await AlreadyThereAsync(context, plan.Name, cancellation);
        var clock = Stopwatch.StartNew();
        // A lab of the same name was another cluster.
        new HistoryStore(context.State).Forget(plan.Name);
        var state = await new LabBuilder(text => context.Streams.Error.WriteLine($"lab {plan.Name}: {text}")).UpAsync(plan, cancellation);
        await context.Streams.Out
            .WriteLineAsync($"lab {state.Name} is up after {clock.Elapsed.TotalSeconds:0.0} s: {state.Proxies.Count()} {state.Proxy} "
                + $"nodes, {state.Backends.Count()} backends, a client");
        await PrintNextAsync(context, state);
        return ExitCode.Done;
    }

    private static async Task<int> AlreadyThereAsync(CliContext context, string name, CancellationToken cancellation)
    {
        var state = LabStateFile.TryRead(new LabPaths(name));
        if (state is { IsBeingBuilt: true })
            throw new OperatorException(ExitCode.Locked, $"lab {name} is being brought up by process {state.Builder}; nothing was changed",
                $"lbctl lab status --name {name}");
        var problems = state is { Ready: true }
            ? await new LabInspector(state).ProblemsAsync(cancellation)
            : ["its `up` was stopped half-way"];
        if (problems.Count > 0)
            throw new OperatorException(ExitCode.Failed,
                $"lab {name} exists but is not whole: {string.Join("; ", problems)}. Nothing was changed.",
                $"lbctl lab down --name {name}");
        await context.Streams.Out.WriteLineAsync($"lab {name} is up already");
        await PrintNextAsync(context, state!);
        return ExitCode.Done;
    }

    private static async Task PrintNextAsync(CliContext context, LabState state)
    {
        var a = state.Addresses;
        var option = LabName.GlobalOption(state.Name);
        await context.Streams.Out.WriteLineAsync($"""
              virtual IPs  {a.VipV4}, {a.VipV6}
              hosts        {string.Join(", ", state.Hosts.Select(h => $"{h.Name} {a.V4(h.Number)}"))}
              config       {state.Paths.Config}
            Next: lbctl {option} assess
            """);
        var proxies = state.Proxies.Take(2).Select(h => h.Name).ToList();
        if (proxies.Count == 2)
            await context.Streams.Out.WriteLineAsync($"Next: lbctl {option} failover {proxies[0]} {proxies[1]}");
    }

    private static Option<int> Number(string name, string description, int usual, int most, int least = 1)
    {
        var option = new Option<int>(name) { Description = $"{description} ({least} to {most})", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var number && (number < least || number > most))
                result.AddError($"{name} must be between {least} and {most}");
        });
        return option;
    }
}
