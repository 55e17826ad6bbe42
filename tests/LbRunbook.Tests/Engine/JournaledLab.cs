using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover;
using LbRunbook.Engine.Failover.HandOver;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Engine;

/// <summary>A fake fleet whose runs have a journal, and can die at any of its lines.</summary>
/// <param name="fleet">Null = the sample, with IPv6.</param>
internal sealed class JournaledLab(Fleet? fleet = null) : IDisposable
{
    public StatePaths State { get; } = new(Directory.CreateTempSubdirectory("lbctl-journaled-").FullName);
    public FailoverLab Lab { get; } = new(fleet ?? SampleFleet.TwoNodes(withIPv6: true));
    public FakeFleet World => Lab.World;
    public JournalStore Store => new(State);

    public void Dispose() => Directory.Delete(State.Root, recursive: true);

    /// <summary>How many lines an undisturbed run writes.</summary>
    public static async Task<int> CountLinesAsync()
    {
        using var whole = new JournaledLab();
        await whole.FailoverAsync();
        return (await File.ReadAllLinesAsync(whole.State.RunFile("run"), TestContext.Current.CancellationToken)).Length;
    }

    public Task<RunOutcome?> FailoverAsync(int dieAfter = int.MaxValue) => RunAsync(Lab.Plan().Plan!, "run", dieAfter);

    /// <summary>Both nodes have an address of their own beside the IPv6 one that moves: without, nothing can be handed over.</summary>
    public void MakeNeighbours()
    {
        foreach (var (name, address) in ((string, string)[])[("lb1", "fd00::11"), ("lb2", "fd00::12")])
            World[name].Addresses.Add(new("eth0", address, 64));
    }

    /// <summary>A planned move that hands open connections over.</summary>
    /// <param name="stopProxy">And stops the old proxy at the end.</param>
    public async Task<Plan> PlanHandOverAsync(bool stopProxy = true)
    {
        MakeNeighbours();
        var request = Lab.Request() with { StopProxy = stopProxy, Grace = TimeSpan.FromSeconds(1) };
        var seen = Lab.Observe();
        var handOver = await new HandOverLook(Lab.Fleet, World, request).AskAsync(seen, TestContext.Current.CancellationToken);
        Assert.Null(handOver?.WhyNot);
        return FailoverPlanner.Build(Lab.Fleet, new() { Observation = seen, HandOver = handOver }, request).Plan!;
    }

    public Task<RunOutcome?> UndoAsync(string run = "run", string id = "undo") =>
        RunAsync(UndoPlanner.Build(Lab.Fleet, Past(run), acceptLater: false).Plan!, id);

    public Task<RunOutcome?> ResumeAsync(string run, string id, int dieAfter = int.MaxValue) =>
        RunAsync(PlanResume(run).Plan!, id, dieAfter);

    public PlanResult PlanResume(string run, DateTimeOffset? now = null) =>
        ResumePlanner.Build(Lab.Fleet, Past(run), now ?? DateTimeOffset.UtcNow, acceptLater: false, acceptOld: false);

    public PastRun Past(string run) => PastRun.Of(Store, Store.Find(run)!);

    public void ExpectHolder(string node, string when)
    {
        foreach (var vip in (string[])["public", "public6"])
            Assert.True(World.HoldersOf(vip) is [var holder] && holder == node,
                $"{when}: {vip} is on {string.Join(" and ", World.HoldersOf(vip))}, expected {node}");
    }

    /// <summary>It "dies" by throwing out of the first event that would be line <paramref name="dieAfter"/> + 1.</summary>
    public Task<RunOutcome?> RunAsync(Plan plan, string id, int dieAfter = int.MaxValue)
    {
        using var journal = JournalWriter.Open(State, id, m => Assert.Fail(m));
        var lines = 0;
        void Emit(RunEvent e)
        {
            if (e is StepWaiting)
                return;
            if (lines++ >= dieAfter)
                throw new DiedException();
            journal.Write(e);
        }
        try
        {
            Emit(RunStarted.Of(plan, id, DateTimeOffset.UtcNow, SampleProcess.Gone));
            var outcome = Lab.Time.Run(() =>
                new PlanRunner(new StepContext(Lab.Fleet, World, Lab.Time), Emit).RunAsync(plan, CancellationToken.None))!;
            Emit(outcome with { RunId = id });
            return Task.FromResult<RunOutcome?>(outcome);
        }
        catch (DiedException)
        {
            return Task.FromResult<RunOutcome?>(null);
        }
    }

    private sealed class DiedException : Exception;
}
