using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine;
using LbRunbook.Engine.Backends;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.Sweep;
using LbRunbook.Engine.Past;
using LbRunbook.Engine.Runs;
using LbRunbook.Engine.Scale;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Moq;

namespace LbRunbook.Tests.Engine;

/// <summary>
/// Everything between a wish and its outcome (lock, lease, look, plan, consent, steps, journal, last look) in process: a fake fleet, a fake
/// clock, and the real rest.
/// </summary>
internal sealed class EngineLab : IDisposable, IFleetObserver
{
    private readonly Recorder _recorder = new();

    public EngineLab(FleetEnvironment environment = FleetEnvironment.Lab)
    {
        var fleet = SampleFleet.TwoNodes(environment: environment);
        var pool = fleet.Pools[0];
        Lab = new(fleet with { Pools = [pool with { Emergency = [new() { Name = "em1", Host = "10.0.0.31", Port = 8080, Pool = pool.Name,
            Ssh = new(), Service = new() { Name = "app" } }] }] });
        foreach (var node in Fakes.Nodes)
        {
            node.Servers = [.. pool.Backends.Select(b => new ServerState
            {
                Pool = pool.Name, Server = b.Name, Address = $"{b.Host}:{b.Port}", Admin = AdminState.Ready,
                Health = ServerHealth.Up, Status = "UP", Weight = 100, InitialWeight = 100, CurrentSessions = 0, Errors = 0,
            })];
            node.Configured = [.. node.Servers.Select(s => s.Server)];
        }
        World = new()
        {
            Fleet = Lab.Fleet,
            Ports = Fakes,
            Observer = this,
            State = new(Directory.CreateDirectory(Path.Combine(Directory.CreateTempSubdirectory("lbctl-engine-").FullName,
                "lbctl")).FullName),
            Time = Time,
            Self = SampleProcess.Gone,
            // No to both questions: nobody here can tell.
            Processes = Mock.Of<IProcessTable>(),
            OnBug = e => throw new InvalidOperationException("a subscriber broke", e),
        };
    }

    public VirtualTime Time { get; } = new();
    public FailoverLab Lab { get; }
    public FakeFleet Fakes => Lab.World;
    public World World { get; set; }

    /// <summary>Who is asked; says yes.</summary>
    public FakeConsent Consent { get; } = new();
    public FakeInterruption Interruption { get; } = new();

    /// <summary>What the subscribers heard, in order.</summary>
    public IReadOnlyList<RunEvent> Events => _recorder.Events;
    public List<IRunSubscriber> More { get; } = [];
    public IReadOnlyList<RunRecord> Journaled => [.. World.Journals.Newest(null)];

    public Pool Pool => Lab.Fleet.Pools[0];
    public IReadOnlyList<BackendTarget> Web1 => [new(Pool, Pool.Backends[0])];

    /// <summary>One of every kind that a verb can ask for; what an undo takes back or a resume goes on with is made before.</summary>
    public IAction Action(string verb)
    {
        var (lb1, lb2) = (Lab.Fleet.Node("lb1"), Lab.Fleet.Node("lb2"));
        switch (verb)
        {
            case "failover": return new FailoverAction(new() { From = lb1, To = lb2 });
            case "drain NODE": return new FailoverAction(new() { Verb = "drain", From = lb1, To = lb2 });
            case "sweep":
                Fakes["lb2"].Give(Lab.Fleet.Vip("public"));
                Fakes["lb1"].ProxyAnswers = false;
                return new SweepAction(node: null);
            case "isolate-backend": return BackendAction.Isolate(Web1, new());
            case "restore-backend": return BackendAction.Restore(Web1, TimeSpan.FromSeconds(10), TimeSpan.Zero);
            case "drain": return BackendAction.Drain(Web1, new() { For = TimeSpan.FromSeconds(10) });
            case "auto-recover":
                Fakes.BackendHosts["web1"].Active = false;
                return new AutoRecoverAction(Web1, new() { Ramp = TimeSpan.Zero });
            case "scale-out": return ScaleAction.Out(Pool, new());
            case "scale-in":
                Run(ScaleAction.Out(Pool, new()));
                return ScaleAction.In(Pool, new());
            case "undo":
                Run(Action("failover"));
                return PastAction.Undo(Newest(), acceptLater: false);
            case "resume":
                Interruption.AfterStep = 2;
                Run(Action("failover"));
                Interruption.Reset();
                return PastAction.Resume(Newest(), acceptLater: false, acceptOld: false);
            default: throw new ArgumentException(verb, nameof(verb));
        }
    }

    public static IReadOnlyList<string> Verbs { get; } =
        ["failover", "drain NODE", "sweep", "isolate-backend", "restore-backend", "drain", "auto-recover", "scale-out", "scale-in",
            "undo", "resume"];

    public RunOutcome Run(IAction action, RunOptions? options = null)
    {
        var session = new RunSession(World, Consent, Interruption, [_recorder, Interruption, .. More]);
        return Time.Run(() => session.RunAsync(action, options ?? new() { Command = $"lbctl {action.Verb}" }))!;
    }

    public Task<Observation> ObserveAsync(Fleet fleet, ObservationScope scope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var seen = Lab.Observe();
        return Task.FromResult(seen with { Vips = [.. seen.Vips.Select(v =>
            v with { Through = new CheckResult(true, TimeSpan.FromMilliseconds(3), "HTTP 200") })] });
    }

    public void Dispose()
    {
        Interruption.Dispose();
        Directory.Delete(Path.GetDirectoryName(World.State.Root)!, recursive: true);
    }

    private PastRun Newest() => PastRun.Of(World.Journals, Journaled[0]);

    private sealed class Recorder : IRunSubscriber
    {
        private readonly List<RunEvent> _events = [];

        public IReadOnlyList<RunEvent> Events => _events;

        public void On(RunEvent e) => _events.Add(e);
    }
}

/// <summary>Answers what the test says, and does what the test wants done meanwhile.</summary>
internal sealed class FakeConsent : IConsent
{
    public bool Answer { get; set; } = true;
    public Func<Task> Meanwhile { get; set; } = () => Task.CompletedTask;
    public List<Plan> Asked { get; } = [];

    /// <summary>Another one answers instead.</summary>
    public IConsent? Instead { get; set; }

    public async Task<bool> ObtainAsync(Plan plan, CancellationToken interrupted)
    {
        Asked.Add(plan);
        await Meanwhile();
        return Instead is null ? Answer : await Instead.ObtainAsync(plan, interrupted);
    }
}

/// <summary>A signal that comes when the test says.</summary>
internal sealed class FakeInterruption : IInterruption, IRunSubscriber, IDisposable
{
    private CancellationTokenSource _source = new();

    public CancellationToken Token => _source.Token;
    public int? ExitCode { get; private set; }
    public Action<string> Say { get; set; } = _ => { };
    public string? LastWords { get; private set; }

    /// <summary>It comes when so many steps have ended; null = by hand.</summary>
    public int? AfterStep { get; set; }

    public void Raise(int code = 130)
    {
        ExitCode = code;
        Say("interrupted");
        _source.Cancel();
    }

    public void Reset()
    {
        (ExitCode, AfterStep) = (null, null);
        _source.Dispose();
        _source = new();
    }

    public void Dispose() => _source.Dispose();

    public IDisposable InTheMiddle(string lastWords)
    {
        LastWords = lastWords;
        return new MemoryStream();
    }

    public void On(RunEvent e)
    {
        if (e is StepFinished && --AfterStep == 0)
            Raise();
    }
}
