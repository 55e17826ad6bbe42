using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Backends;

namespace LbRunbook.Cli.Verbs.AutoRecover;

/// <summary><c>lbctl auto-recover B</c>: out of rotation, restarted until it is well, and back.</summary>
internal sealed class AutoRecoverCommand(CliContext context)
{
    private readonly Argument<string[]> _backends = BackendsArgument.Create("BACKEND",
        "Name, host or host:port, exactly; a host is meant in every pool; several at once");
    private readonly Option<string?> _from = new("--from") { Description = "In this pool only", HelpName = "POOL" };
    private readonly Option<int> _attempts = new("--attempts")
    {
        Description = "How often its service is restarted at most",
        HelpName = "N",
        DefaultValueFactory = _ => 3,
    };
    private readonly Option<string> _wait = new("--wait")
    {
        Description = "How long it may take to become well, each time",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "60s",
    };
    private readonly Option<string> _ramp = new("--ramp")
    {
        Description = "Let its weight grow from 10 % over this time; it is out again if errors rise",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };
    private readonly Option<bool> _low = new(CapacityGuards.AcceptLowCapacity)
    {
        Description = "Although less than the minimum would be left",
    };
    private readonly Option<bool> _empty = new(CapacityGuards.AcceptEmptyPool) { Description = "Although nothing would be left" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("auto-recover", "Isolate a failed backend, restart it until it is well, and bring it back") { _backends,
            _from, _attempts, _wait, _ramp, _low, _empty };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl auto-recover web1", "restart web1 up to three times; it comes back only when its checks pass"),
            ("lbctl auto-recover web1 --attempts 1 --ramp 0s", "one attempt, and at once back to its full weight"),
            ("lbctl auto-recover web1 --dry-run", "what would be done"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var targets = BackendLookup.Find(fleet, parse.GetRequiredValue(_backends), parse.GetValue(_from), "auto-recover");
        var attempts = parse.GetValue(_attempts);
        if (attempts is < 1 or > 10)
            throw new OperatorException(ExitCode.Usage, $"--attempts {attempts}: between 1 and 10", "lbctl auto-recover --help");
        var request = new AutoRecoverRequest
        {
            Attempts = attempts,
            Wait = CliValues.Duration("--wait", parse.GetRequiredValue(_wait), "auto-recover"),
            Ramp = CliValues.Duration("--ramp", parse.GetRequiredValue(_ramp), "auto-recover"),
            AcceptLowCapacity = parse.GetValue(_low),
            AcceptEmptyPool = parse.GetValue(_empty),
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse),
            new AutoRecoverAction(BackendLookup.WithNeighbours(fleet, targets), request));
    }
}
