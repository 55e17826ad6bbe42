using System.CommandLine;
using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Cli.Verbs.Failover.HandOver;
using LbRunbook.Cli.Verbs.Failover.Sweep;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Cli.Verbs.Failover;

/// <summary><c>lbctl failover FROM TO</c>: options, the looks it needs, and the hand-over to the planner and the run.</summary>
internal sealed class FailoverCommand(CliContext context)
{
    /// <summary>No sign of life for this long and nobody waits for SSH's own timeout any more.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string?> _from = new("FROM") { Description = "Node that serves now (name or address)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _to = new("TO") { Description = "Node that shall serve", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _emergency = new("--emergency") { Description = "Take the address away from FROM first, even though it still serves" };
    private readonly Option<bool> _splitBrain = new(FailoverGuards.AcceptSplitBrain) { Description = "Go on although FROM may still answer for the same address" };
    private readonly Option<string?> _sweep = new("--sweep") { Description = "Instead of FROM TO: take a virtual IP that is on several nodes away from all but the rightful one, or from NODE", HelpName = "NODE", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _noFence = new("--no-fence") { Description = "Refuse rather than fence a FROM that lives but cannot be reached" };
    private readonly Option<bool> _unhealthy = new(FailoverGuards.AcceptUnhealthyTarget) { Description = "Go on although TO's proxy or its configuration is not well" };
    private readonly Option<bool> _stopProxy = new("--stop-proxy") { Description = "Also stop FROM's proxy, after its sessions have ended" };
    private readonly Option<string> _grace = new("--grace") { Description = "How long old connections may take to finish (hand-over, --stop-proxy)", HelpName = "DURATION", DefaultValueFactory = _ => "30s" };
    private readonly Option<string> _handOver = new("--hand-over") { Description = "Let FROM finish its open connections: auto (where the nodes can), on (or refuse), off", HelpName = "auto|on|off", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _deadMan = new("--hand-over-dead-man") { Description = "When the nodes end a hand-over by themselves", HelpName = "DURATION", Hidden = true };
    private readonly MutationOptions _mutation = new();

    public Command Create()
    {
        var command = new Command("failover", "Move the virtual IPs of one node to another") { _from, _to, _emergency, _splitBrain, _noFence, _unhealthy, _handOver, _stopProxy, _grace, _sweep, _deadMan };
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

    private async Task<int> RunAsync(ParseResult parse)
    {
        var fleet = FleetSource.Load(parse, context);
        using var view = RunViews.Create(parse, context);
        if (parse.GetResult(_sweep) is not null)
            return await new SweepRun(context, fleet, parse.GetValue(_sweep)).RunAsync(NextCommand.From(parse, context.Options), _mutation.Read(parse), CommandText.Of(parse), view);
        var runId = RunId.New(context.Time.GetUtcNow(), "failover");
        var request = new FailoverRequest
        {
            From = NodeLookup.Find(fleet, parse.GetValue(_from)!),
            To = NodeLookup.Find(fleet, parse.GetValue(_to)!),
            Emergency = parse.GetValue(_emergency),
            AcceptSplitBrain = parse.GetValue(_splitBrain),
            AcceptUnhealthyTarget = parse.GetValue(_unhealthy),
            NoFence = parse.GetValue(_noFence),
            CanAsk = context.Streams.InIsTerminal && context.Streams.ErrorIsTerminal,
            StopProxy = parse.GetValue(_stopProxy),
            Grace = CliValues.Duration("--grace", parse.GetRequiredValue(_grace), "failover"),
            HandOver = HandOverOption.Parse(parse.GetResult(_handOver)),
            HandOverId = HandOverOption.IdOf(runId),
            DeadMan = parse.GetValue(_deadMan) is { } deadMan ? CliValues.Duration("--hand-over-dead-man", deadMan, "failover") : TimeSpan.Zero,
        };
        await using var adapters = AdapterSet.Open(fleet);
        var state = StatePaths.OfProcess();
        var scope = new ObservationScope { Full = false, Budget = TimeSpan.FromSeconds(10), GiveUpOnSilence = Silence };
        using var gap = fleet.Vips.Count > 0 ? new GapMeter(fleet.Vips[0], context.Time) : null;
        return await new RunSession(context, adapters, state, view).RunAsync(new RunRequest
        {
            Verb = "failover",
            RunId = runId,
            Fleet = fleet,
            Next = NextCommand.From(parse, context.Options),
            Flags = _mutation.Read(parse),
            CommandLine = CommandText.Of(parse),
            BackWithoutJournal = $"lbctl failover {request.To.Name} {request.From.Name}",
            Gap = gap,
            ProposeAsync = cancellation => ProposeAsync(fleet, adapters, state, request, scope, cancellation),
            LookAfterAsync = cancellation => FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation),
        });
    }

    private async Task<Proposal> ProposeAsync(Fleet fleet, AdapterSet adapters, StatePaths state, FailoverRequest request, ObservationScope scope, CancellationToken cancellation)
    {
        // Both at once: the configuration test costs as much as all the looking.
        var looking = FleetObserver.Over(adapters, context.Time).ObserveAsync(fleet, scope, cancellation);
        var testing = TestTargetAsync(adapters, request.To, looking, cancellation);
        var repeats = RepeatsLastRun(fleet, state, request);
        var observation = await looking;
        var facts = new FailoverFacts
        {
            Observation = observation,
            HandOver = await new HandOverLook(fleet, adapters, request).AskAsync(observation, cancellation),
            TargetConfigurationError = await testing,
            RepeatsLastRun = repeats,
        };
        return new(FailoverPlanner.Build(fleet, facts, request), observation);
    }

    /// <returns>Null when it passed, or when TO cannot be reached: the observation says that better.</returns>
    private static async Task<string?> TestTargetAsync(AdapterSet adapters, Node target, Task<Observation> looking, CancellationToken cancellation)
    {
        try
        {
            return await adapters.LoadBalancers.TestConfigurationAsync(target, cancellation);
        }
        catch (AdapterException e)
        {
            return (await looking).Node(target.Name).Reachable ? e.Message : null;
        }
    }

    private static bool RepeatsLastRun(Fleet fleet, StatePaths state, FailoverRequest request)
    {
        var last = new JournalStore(state).Newest(fleet.Cluster).FirstOrDefault(r => r.MayHaveChanged);
        return last is { Start.Verb: "failover" or "resume" }
            && last.Start.Subjects.GetValueOrDefault("from") == request.From.Name
            && last.Start.Subjects.GetValueOrDefault("to") == request.To.Name;
    }
}
