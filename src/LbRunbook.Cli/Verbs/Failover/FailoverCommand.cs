using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.Sweep;

namespace LbRunbook.Cli.Verbs.Failover;

/// <summary><c>lbctl failover FROM TO</c>: its options.</summary>
internal sealed class FailoverCommand(CliContext context)
{
    private readonly Argument<string?> _from = new("FROM")
    {
        Description = "Node that serves now (name or address)",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Argument<string?> _to = new("TO") { Description = "Node that shall serve", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _emergency = new("--emergency")
    {
        Description = "Take the address away from FROM first, even though it still serves",
    };
    private readonly Option<bool> _splitBrain = new(FailoverGuards.AcceptSplitBrain)
    {
        Description = "Go on although FROM may still answer for the same address",
    };
    private readonly Option<string?> _sweep = new("--sweep")
    {
        Description = "Instead of FROM TO: take a virtual IP that is on several nodes away from all but the rightful one, or from NODE",
        HelpName = "NODE",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _noFence = new("--no-fence")
    {
        Description = "Refuse rather than fence a FROM that lives but cannot be reached",
    };
    private readonly Option<bool> _unhealthy = new(FailoverGuards.AcceptUnhealthyTarget)
    {
        Description = "Go on although TO's proxy or its configuration is not well",
    };
    private readonly Option<bool> _otherOwner = new(FailoverGuards.AcceptOtherOwner)
    {
        Description = "Move by hand what another manager (pacemaker, a network file, an unread keepalived) may put back",
    };
    private readonly Option<bool> _stopProxy = new("--stop-proxy")
    {
        Description = "Also stop FROM's proxy, after its sessions have ended",
    };
    private readonly Option<string> _grace = new("--grace")
    {
        Description = "How long old connections may take to finish (hand-over, --stop-proxy)",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "30s",
    };
    private readonly Option<string> _handOver = new("--hand-over")
    {
        Description = "Let FROM finish its open connections: auto (where the nodes can), on (or refuse), off",
        HelpName = "auto|on|off",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "auto",
    };
    private readonly Option<string?> _deadMan = new("--hand-over-dead-man")
    {
        Description = "When the nodes end a hand-over by themselves",
        HelpName = "DURATION",
        Hidden = true,
    };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("failover", "Move the virtual IPs of one node to another") { _from, _to, _emergency, _splitBrain,
            _noFence, _unhealthy, _otherOwner, _handOver, _stopProxy, _grace, _sweep, _deadMan };
        _mutation.AddTo(command);
        command.Validators.Add(result =>
        {
            var sweep = result.GetResult(_sweep) is not null;
            if (sweep && result.GetValue(_from) is not null)
                result.AddError("--sweep stands instead of FROM and TO");
            else if (!sweep && result.GetValue(_to) is null)
                result.AddError(result.GetValue(_from) is null ? "FROM and TO are missing" : "TO is missing");
        });
        command.SetAction((parse, _) => RunAsync(parse));
        return command.WithExamples(
            ("lbctl failover lb1 lb2", "lb2 takes over; lb1 serves until it does"),
            ("lbctl failover lb1 lb2 --dry-run", "look and plan, change nothing"),
            ("lbctl failover lb1 lb2 --confirm web-prod", "production, without a prompt"),
            ("lbctl failover lb1 lb2 --grace 10m", "give long downloads on lb1 ten minutes"),
            ("lbctl failover lb1 lb2 --stop-proxy", "and stop the old proxy afterwards"),
            ("lbctl failover lb2 lb1", "back again: nothing moves back by itself"),
            ("lbctl failover --sweep", "a node came back with an address that is another's by now"));
    }

    private Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        var flags = _mutation.Read(parse);
        if (parse.GetResult(_sweep) is not null)
            return ActionRun.RunAsync(context, parse, fleet, flags,
                new SweepAction(parse.GetValue(_sweep) is { } swept ? NodeLookup.Find(fleet, swept) : null));
        var request = new FailoverRequest
        {
            From = NodeLookup.Find(fleet, parse.GetValue(_from)!),
            To = NodeLookup.Find(fleet, parse.GetValue(_to)!),
            Emergency = parse.GetValue(_emergency),
            AcceptSplitBrain = parse.GetValue(_splitBrain),
            AcceptUnhealthyTarget = parse.GetValue(_unhealthy),
            AcceptOtherOwner = parse.GetValue(_otherOwner),
            NoFence = parse.GetValue(_noFence),
            CanAsk = context.Streams.InIsTerminal && context.Streams.ErrorIsTerminal,
            StopProxy = parse.GetValue(_stopProxy),
            Grace = CliValues.Duration("--grace", parse.GetRequiredValue(_grace), "failover"),
            HandOver = HandOverOption.Parse(parse.GetResult(_handOver)),
            DeadMan = parse.GetValue(_deadMan) is { } deadMan
                ? CliValues.Duration("--hand-over-dead-man", deadMan, "failover")
                : TimeSpan.Zero,
        };
        return ActionRun.RunAsync(context, parse, fleet, flags, new FailoverAction(request));
    }
}
