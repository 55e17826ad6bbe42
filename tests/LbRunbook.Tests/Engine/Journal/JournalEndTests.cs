using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Journal;

/// <summary>A run that went on although its journal's disk was full has not been killed.</summary>
public sealed class JournalEndTests : IDisposable
{
    private const string Id = "20260102-030405-617-failover";
    private readonly StatePaths _state = new(Directory.CreateTempSubdirectory("lbctl-journal-end-").FullName);
    private readonly List<string> _said = [];

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    [Theory]
    [InlineData(RunResult.Done, true)]
    [InlineData(RunResult.Partial, false)]
    public void Find_DiskFilledUpInTheMiddle_IsToldAsWhatItIs(RunResult result, bool complete)
    {
        WriteUntilTheDiskIsFull(JournaledRuns.Outcome(result));
        var run = new JournalStore(_state, _said.Add).Find(Id)!;
        Assert.Equal((RunState.Finished, true, complete, true), (run.State, run.JournalCut, run.Complete, run.MayHaveChanged));
        Assert.Equal((Id, "failover"), (run.Outcome!.RunId, run.Outcome.Verb));
        Assert.Empty(_said);
    }

    [Fact]
    public void Undo_OfACutJournal_IsRefusedAndLeadsOut()
    {
        WriteUntilTheDiskIsFull(JournaledRuns.Outcome(RunResult.Done));
        var store = new JournalStore(_state);
        var plan = UndoPlanner.Build(SampleFleet.TwoNodes(), PastRun.Of(store, store.Find(Id)!), acceptLater: false);
        var refusal = Assert.Single(plan.Refusals);
        Assert.Equal(("journal-whole", "lbctl failover lb2 lb1"), (refusal.Guard, refusal.Next));
        Assert.Contains("1 of 2 steps", refusal.Reason, StringComparison.Ordinal);
    }

    /// <summary>Its plan is written down, and every step of it looks before it acts.</summary>
    [Fact]
    public void Ways_OfACutJournalThatEndedInPart_AreForwardAlone()
    {
        WriteUntilTheDiskIsFull(JournaledRuns.Outcome(RunResult.Partial));
        var store = new JournalStore(_state);
        Assert.Equal([$"lbctl resume {Id}"], UnfinishedRuns.WaysOf(store.Since(Id), store.Find(Id)!));
        Assert.DoesNotContain("undo", UnfinishedRuns.Of(store, JournaledRuns.Cluster)!.SentenceAt(DateTimeOffset.UtcNow),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoRoomEvenForTheBeginning_IsSaidOnce()
    {
        Directory.CreateDirectory(_state.Runs);
        File.WriteAllText(_state.RunFile(Id), "");
        JournalEnd.Write(_state, Id, JournaledRuns.Outcome(RunResult.Done));
        var store = new JournalStore(_state, _said.Add);
        Assert.Empty(store.Newest(null));
        Assert.Empty(store.Newest(null));
        Assert.Equal([$"{Id} ended, and its disk was full: nothing of it is written down, and it is left out"], _said);
    }

    private void WriteUntilTheDiskIsFull(RunOutcome outcome)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        using (var journal = JournalWriter.Open(_state, Id, m => Assert.Fail(m)))
        {
            journal.Write(JournaledRuns.Start(Id));
            journal.Write(new StepFinished(0, StepStatus.Done, "it has it", 5));
        }
        using var full = JournalWriter.ForTest(
            new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0), _ => { }, _state, Id);
        full.Write(new StepFinished(1, StepStatus.Done, "gone", 5));
        full.Write(outcome);
    }
}
