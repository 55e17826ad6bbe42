using LbRunbook.Adapters.Processes;
using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Output.Writing;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Runs;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Moq;
using Xunit;

namespace LbRunbook.Tests.Cli.Runs;

/// <summary>
/// A failover from lb1 to lb2 as the command line runs it, with lock, lease, journal, view and last look, on a fake fleet.
/// </summary>
internal sealed class SessionLab : IDisposable
{
    public FailoverLab Lab { get; } = new(SampleFleet.TwoNodes());
    public StatePaths State { get; } = new(Directory.CreateTempSubdirectory("lbctl-session-").FullName);
    public Signals Signals { get; } = Signals.None();
    public List<Observation> LastLooks { get; } = [];

    /// <summary>What the last look sees of it; null = it fails.</summary>
    public Func<Observation, Observation?> LastLook { get; set; } = seen => seen;

    /// <summary>The same command once more.</summary>
    public bool Repeats { get; set; }

    /// <summary>Takes the proof out of the plan.</summary>
    public bool WithoutProof { get; set; }

    public RunRecord Journaled => new JournalStore(State).Newest(null).Single();

    public Task<int> RunAsync(Streams streams, bool json)
    {
        var context = new CliContext(streams, Lab.Time) { Signals = Signals, Variable = _ => null, Changes = true };
        using IRunView view = json ? new JsonRunView(streams.Out) : new HumanRunView(Lab.Fleet, streams, Lab.Time);
        using var interrupts = new Interrupts(Signals);
        var consent = new TerminalConsent(yes: true, Lab.Fleet.Cluster, streams, "lbctl failover lb1 lb2");
        var outcome = Lab.Time.Run(() => new RunSession(World, consent, interrupts, [new ShownRun(view, streams), new LoggedRun()])
            .RunAsync(new Failover(this), new() { RunId = "run", Command = "lbctl failover lb1 lb2" }))!;
        return Task.FromResult(LostOutput.Tell(context, "failover", !json, outcome.ExitCode, CancellationToken.None));
    }

    private World World => new()
    {
        Fleet = Lab.Fleet,
        Ports = Lab.World,
        Observer = Mock.Of<IFleetObserver>(MockBehavior.Strict),
        State = State,
        Time = Lab.Time,
        Self = SampleProcess.Gone,
        Processes = new LocalProcesses(),
        OnBug = Logs.Bug,
    };

    public void ExpectHolder(string node)
    {
        if (Lab.World.HoldersOf("public") is not [var holder] || holder != node)
            Assert.Fail($"public is on {string.Join(" and ", Lab.World.HoldersOf("public"))}, expected {node}");
    }

    public void Dispose()
    {
        Signals.Dispose();
        Directory.Delete(State.Root, recursive: true);
    }

    private PlanResult Planned()
    {
        var result = Lab.Plan(repeats: Repeats);
        return WithoutProof ? PlanResult
            .Of(result.Plan! with { Steps = [.. result.Plan.Steps.Where(s => s.Step is not LbRunbook.Core.Steps.VipAnswersStep)] })
            : result;
    }

    private static Observation Served(Observation seen) =>
        seen with
        {
            Vips = [.. seen.Vips.Select(v => v with { Through = new CheckResult(true, TimeSpan.FromMilliseconds(3), "HTTP 200") })],
        };

    private sealed class Failover(SessionLab lab) : IAction
    {
        public string Verb => "failover";

        public Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation) =>
            Task.FromResult(new Proposal(lab.Planned(), lab.Lab.Observe()));

        public Task<Observation> LookAfterAsync(World world, CancellationToken cancellation)
        {
            var seen = Served(lab.Lab.Observe());
            lab.LastLooks.Add(seen);
            return Task.FromResult(lab.LastLook(seen) ?? throw new InvalidOperationException("blind"));
        }
    }
}
