using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli.Verbs.Drain;

/// <summary><c>lbctl drain BACKEND|NODE</c>: load away gradually, then wait until nobody is left.</summary>
internal sealed class DrainCommand(CliContext context)
{
    private readonly Argument<string[]> _targets = BackendsArgument.Create("TARGET",
        "Backends (name, host or host:port, exactly; a host is meant in every pool), or one node, whose virtual IPs then move to its "
            + "standby");
    private readonly Option<string?> _from = new("--from") { Description = "In this pool only", HelpName = "POOL" };
    private readonly Option<string> _for = new("--for")
    {
        Description = "For all of it: half for the weight, half for the sessions",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "5m",
    };
    private readonly Option<int> _steps = new("--steps")
    {
        Description = "In how many steps the weight goes down",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };
    private readonly Option<string> _then = new("--then")
    {
        Description = "When nobody is left: keep it drained, or isolate it",
        DefaultValueFactory = _ => "keep",
    };
    private readonly Option<string> _onTimeout = new("--on-timeout")
    {
        Description = "When somebody is left at the end: keep it drained, isolate it, or restore it",
        DefaultValueFactory = _ => "keep",
    };
    private readonly Option<bool> _low = new(CapacityGuards.AcceptLowCapacity)
    {
        Description = "Although less than the minimum would be left",
    };
    private readonly Option<bool> _empty = new(CapacityGuards.AcceptEmptyPool) { Description = "Although nothing would be left" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        _then.AcceptOnlyFromAmong("keep", "isolate");
        _onTimeout.AcceptOnlyFromAmong("keep", "isolate", "restore");
        _steps.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100)
                result.AddError("--steps must be between 1 and 100");
        });
        var command = new Command("drain",
            "Take the load from a backend or a node gradually and wait until nobody is left on it") { _targets, _from, _for, _steps, _then,
            _onTimeout, _low, _empty };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl drain web1", "weight down over minutes, then wait for its sessions"),
            ("lbctl drain web1 --for 60s --steps 1 --then isolate", "no new requests at once, out as soon as nobody is left"),
            ("lbctl restore-backend web1", "bring it back"),
            ("lbctl drain lb1 --for 10m", "its virtual IPs to the standby; its connections have ten minutes to finish"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var words = parse.GetRequiredValue(_targets);
        if (words.Select(fleet.FindNode).FirstOrDefault(n => n is not null) is { } node)
        {
            return words is [var word]
                ? DrainNodeAsync(parse, fleet, node, word)
                : throw new OperatorException(ExitCode.Usage, $"{node.Name} is a node, and a node is drained alone",
                    $"lbctl drain {node.Name}");
        }
        var targets = BackendLookup.Find(fleet, words, parse.GetValue(_from), "drain");
        var request = new DrainRequest
        {
            For = CliValues.Duration("--for", parse.GetRequiredValue(_for), "drain"),
            Steps = parse.GetValue(_steps),
            ThenIsolate = parse.GetValue(_then) == "isolate",
            OnTimeout = parse.GetValue(_onTimeout) switch
            {
                "isolate" => OnTimeout.Isolate,
                "restore" => OnTimeout.Restore,
                _ => OnTimeout.Keep,
            },
            AcceptLowCapacity = parse.GetValue(_low),
            AcceptEmptyPool = parse.GetValue(_empty),
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), BackendAction.Drain(targets, request));
    }

    /// <summary>
    /// A node serves what it has the virtual IPs for: it is drained when they are elsewhere and its connections have ended.
    /// </summary>
    private Task<int> DrainNodeAsync(ParseResult parse, Fleet fleet, Node node, string word)
    {
        if (fleet.Pools.SelectMany(p => p.Backends).FirstOrDefault(b => b.Name == word || b.Host == word) is { } backend)
            throw new OperatorException(ExitCode.Usage,
                $"'{word}' is the node {node.Name} and the backend {backend.Name} ({backend.Host}:{backend.Port}): say which",
                $"lbctl drain {(word == node.Name ? $"{backend.Host}:{backend.Port}" : node.Name)}");
        foreach (var option in (Option[])[_from, _steps, _onTimeout, _low, _empty])
        {
            if (parse.GetResult(option) is { Implicit: false })
                throw new OperatorException(ExitCode.Usage, $"{option.Name} is about a backend, and {node.Name} is a node",
                    CommandText.Without(parse, option.Name));
        }
        var standby = fleet.Nodes.Where(n => n != node).OrderByDescending(n => n.Priority).FirstOrDefault()
            ?? throw new OperatorException(ExitCode.Refused,
                $"{node.Name} is the only node of {fleet.Cluster}: there is nobody to take over", "lbctl assess");
        var request = new FailoverRequest
        {
            Verb = "drain",
            From = node,
            To = standby,
            Grace = CliValues.Duration("--for", parse.GetRequiredValue(_for), "drain"),
            StopProxy = parse.GetValue(_then) == "isolate",
            CanAsk = context.Streams.InIsTerminal && context.Streams.ErrorIsTerminal,
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), new FailoverAction(request));
    }
}
