using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Output.Writing;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Verbs.Failover;
using Xunit;

namespace LbRunbook.Tests.Runs;

/// <summary>A failover from lb1 to lb2 as the command line runs it, with lock, lease, journal, view and last look, on a fake fleet.</summary>
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

    public async Task<int> RunAsync(Streams streams, bool json)
    {
        var context = new CliContext(streams, TimeProvider.System) { Signals = Signals, Variable = _ => null };
        using IRunView view = json ? new JsonRunView(streams.Out, TimeProvider.System) : new HumanRunView(streams, TimeProvider.System);
        var code = await new RunSession(context, Lab.World, State, view).RunAsync(new RunRequest
        {
            Verb = "failover",
            RunId = "run",
            Fleet = Lab.Fleet,
            Flags = new(DryRun: false, DetailedExitCode: false, Yes: true, Confirm: Lab.Fleet.Cluster),
            CommandLine = "lbctl failover lb1 lb2",
            Next = NextCommand.None,
            ProposeAsync = _ => Task.FromResult(new Proposal(Planned(), Lab.Observe())),
            LookAfterAsync = _ =>
            {
                var seen = Served(Lab.Observe());
                LastLooks.Add(seen);
                return Task.FromResult(LastLook(seen) ?? throw new InvalidOperationException("blind"));
            },
        });
        return LostOutput.Tell(context, "failover", !json, code, CancellationToken.None);
    }

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
        return WithoutProof ? PlanResult.Of(result.Plan! with { Steps = [.. result.Plan.Steps.Where(s => s.Step is not Core.Steps.VipAnswersStep)] }) : result;
    }

    private static Observation Served(Observation seen) =>
        seen with { Vips = [.. seen.Vips.Select(v => v with { Through = new CheckResult(true, TimeSpan.FromMilliseconds(3), "HTTP 200") })] };
}
