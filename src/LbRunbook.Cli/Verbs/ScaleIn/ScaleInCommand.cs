using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;
using LbRunbook.Engine.Scale;

namespace LbRunbook.Cli.Verbs.ScaleIn;

/// <summary><c>lbctl scale-in</c>: what scale-out added, drained and given back.</summary>
internal sealed class ScaleInCommand(CliContext context)
{
    private readonly Option<string?> _pool = new("--pool")
    {
        Description = "Which pool, where several have emergency backends",
        HelpName = "POOL",
    };
    private readonly Option<int?> _count = new("--count") { Description = "How many, the last ones first (default: all)", HelpName = "N" };
    private readonly Option<string> _for = new("--for")
    {
        Description = "How long their sessions may take to end",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "5m",
    };
    private readonly Option<bool> _hard = new("--hard") { Description = "Cut what is left then; those clients get errors" };
    private readonly Option<bool> _stop = new(ScaleInRequest.StopServicesFlag)
    {
        Description = "Stop their services also where this machine's journal does not know who started them",
    };
    private readonly Option<string> _warmUp = new("--warm-up")
    {
        Description = "Should this be undone: over which time their weight grows again",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };
    private readonly Option<bool> _low = new(CapacityGuards.AcceptLowCapacity)
    {
        Description = "Although less than the minimum would be left",
    };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("scale-in",
            "Drain emergency backends, take them out of every load balancer and stop what scale-out started") { _pool, _count, _for, _hard,
            _stop, _warmUp, _low };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl scale-in", "all that scale-out added"),
            ("lbctl scale-in --pool web --count 1 --for 60s", "one, waiting at most a minute for its sessions"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var pool = PoolChoice.Of(fleet, parse.GetValue(_pool), "scale-in");
        if (parse.GetValue(_count) < 1)
            throw new OperatorException(ExitCode.Usage, "--count must be 1 or more", "lbctl scale-in");
        var request = new ScaleInRequest
        {
            Count = parse.GetValue(_count),
            For = CliValues.Duration("--for", parse.GetRequiredValue(_for), "scale-in"),
            Hard = parse.GetValue(_hard),
            AcceptLowCapacity = parse.GetValue(_low),
            WarmUp = CliValues.Duration("--warm-up", parse.GetRequiredValue(_warmUp), "scale-in"),
            StopServices = parse.GetValue(_stop),
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), ScaleAction.In(pool, request));
    }
}
