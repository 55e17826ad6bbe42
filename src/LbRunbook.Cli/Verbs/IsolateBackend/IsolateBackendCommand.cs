using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;

namespace LbRunbook.Cli.Verbs.IsolateBackend;

/// <summary><c>lbctl isolate-backend B</c>: out of every load balancer, now.</summary>
internal sealed class IsolateBackendCommand(CliContext context)
{
    private readonly Argument<string[]> _backends = BackendsArgument.Create("BACKEND",
        "Name, host or host:port, exactly; a host is meant in every pool; several at once");
    private readonly Option<string?> _from = new("--from") { Description = "In this pool only", HelpName = "POOL" };
    private readonly Option<bool> _hard = new("--hard")
    {
        Description = "Also cut the sessions that it still serves; their clients get errors",
    };
    private readonly Option<bool> _low = new(CapacityGuards.AcceptLowCapacity)
    {
        Description = "Although less than the minimum would be left",
    };
    private readonly Option<bool> _empty = new(CapacityGuards.AcceptEmptyPool) { Description = "Although nothing would be left" };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("isolate-backend", "Take a backend out of every load balancer at once") { _backends, _from, _hard,
            _low, _empty };
        _mutation.AddTo(command);
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl isolate-backend web1", "no new request goes to web1"),
            ("lbctl isolate-backend 10.0.1.10:8080 --from web", "by address, in one pool"),
            ("lbctl isolate-backend 10.0.1.10", "that machine, in every pool that it is in"),
            ("lbctl isolate-backend web1 --dry-run", "what would be left of the pool"),
            ("lbctl restore-backend web1", "bring it back"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var targets = BackendLookup.Find(fleet, parse.GetRequiredValue(_backends), parse.GetValue(_from), "isolate-backend");
        var request = new IsolateRequest
        {
            Hard = parse.GetValue(_hard),
            AcceptLowCapacity = parse.GetValue(_low),
            AcceptEmptyPool = parse.GetValue(_empty),
        };
        return ActionRun.RunAsync(context, parse, fleet, _mutation.Read(parse), BackendAction.Isolate(targets, request));
    }
}
