using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Scale;

namespace LbRunbook.Cli.Verbs.ScaleOut;

/// <summary><c>lbctl scale-out</c>: emergency backends into every load balancer.</summary>
internal sealed class ScaleOutCommand(CliContext context)
{
    private readonly Option<string?> _pool = new("--pool")
    {
        Description = "Which pool, where several have emergency backends",
        HelpName = "POOL",
    };
    private readonly Option<int> _count = new("--count") { Description = "How many more", HelpName = "N", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _warmUp = new("--warm-up")
    {
        Description = "Let their weight grow from 10 % over this time; 0s = all of it at once",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };
    private readonly Option<string> _wait = new("--wait")
    {
        Description = "How long each may take to become healthy",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "2m",
    };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("scale-out", "Start emergency backends and add them to every load balancer") { _pool, _count,
            _warmUp, _wait };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl scale-out", "the next emergency backend"),
            ("lbctl scale-out --pool web --count 2 --warm-up 10s", "two more, quickly"),
            ("lbctl scale-out --dry-run", "capacity before, and what would be added"),
            ("lbctl scale-in", "give them back"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var pool = PoolChoice.Of(fleet, parse.GetValue(_pool), "scale-out");
        if (parse.GetValue(_count) < 1)
            throw new OperatorException(ExitCode.Usage, "--count must be 1 or more", "lbctl scale-out --count 1");
        var request = new ScaleOutRequest
        {
            Count = parse.GetValue(_count),
            WarmUp = CliValues.Duration("--warm-up", parse.GetRequiredValue(_warmUp), "scale-out"),
            Wait = CliValues.Duration("--wait", parse.GetRequiredValue(_wait), "scale-out"),
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), ScaleAction.Out(pool, request));
    }
}
