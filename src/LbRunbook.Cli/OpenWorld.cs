using LbRunbook.Adapters;
using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Probing;
using LbRunbook.Adapters.Processes;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Cli;

/// <summary>The real world of a fleet, opened here and nowhere else. Contacts nobody by itself.</summary>
internal sealed class OpenWorld : IAsyncDisposable
{
    public const string LeaseVariable = "LBCTL_LEASE_TTL";

    private static readonly TimeSpan ShortestLease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLease = TimeSpan.FromMinutes(10);

    private readonly AdapterSet _adapters;

    private OpenWorld(CliContext context, Fleet fleet)
    {
        var state = context.State;
        _adapters = AdapterSet.Open(fleet, new CircuitStore(state), SshClientVariable.Of(context));
        World = new()
        {
            Fleet = fleet,
            Ports = _adapters,
            Observer = FleetObserver.Over(_adapters, context.Time),
            State = state,
            Time = context.Time,
            Self = OwnProcess.Identity(context.Variable),
            Processes = new LocalProcesses(),
            Clients = new ClientProbe(context.Time),
            OnBug = Logs.Bug,
        };
        if (context.Variable(LeaseVariable) is { Length: > 0 } text)
            World = World with { LeaseTimeToLive = LeaseTimeToLive(text) };
    }

    public World World { get; }

    /// <exception cref="OperatorException">A variable is set to what it cannot be.</exception>
    public static OpenWorld Of(CliContext context, Fleet fleet) => new(context, fleet);

    public ValueTask DisposeAsync() => _adapters.DisposeAsync();

    private static TimeSpan LeaseTimeToLive(string text) =>
        Durations.TryParse(text, out var chosen) && chosen >= ShortestLease && chosen <= LongestLease
            ? chosen
            : throw new OperatorException(
                ExitCode.Usage,
                $"{LeaseVariable}={text}: not a duration between {Durations.Format(ShortestLease)} and {Durations.Format(LongestLease)}");
}
