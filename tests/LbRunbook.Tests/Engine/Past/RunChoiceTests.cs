using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Journal;
using Xunit;

namespace LbRunbook.Tests.Engine.Past;

/// <summary>Which run is meant by a part of its name, and by no name.</summary>
public sealed class RunChoiceTests : IDisposable
{
    private readonly StatePaths _state = new(Directory.CreateTempSubdirectory("lbctl-choice-").FullName);
    private readonly JournaledRuns _runs;

    public RunChoiceTests() => _runs = new(_state);

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    [Theory]
    [InlineData("20260102-030405-617-failover")]
    [InlineData("20260102-03")]
    [InlineData("617")]
    [InlineData("0405-617-fail")]
    [InlineData("617-FAILOVER")]
    public void ByName_PartThatNoOtherHas_IsThatRun(string typed)
    {
        Three();
        Assert.Equal("20260102-030405-617-failover", RunChoice.ByName(_runs.Store, typed).RunId);
    }

    [Fact]
    public void ByName_PartOfSeveral_NamesThemAndChoosesNone()
    {
        Three();
        var error = Assert.Throws<OperatorException>(() => RunChoice.ByName(_runs.Store, "-failover"));
        Assert.Equal((64, "lbctl history"), (error.ExitCode, error.Next));
        Assert.Contains("'-failover' is a part of 2 run ids: 20260102-040000-001-failover, 20260102-030405-617-failover", error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("20260102-030405-618-failover", "did you mean 20260102-030405-617-failover?")]
    [InlineData("../x", "no run '../x'")]
    public void ByName_NoRun_SaysSo(string typed, string says)
    {
        Three();
        var error = Assert.Throws<OperatorException>(() => RunChoice.ByName(_runs.Store, typed));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ForResume_CutOffAndNothingNewer_IsThatRun()
    {
        _runs.Add("1");
        _runs.Add("2", result: null);
        Assert.Equal("2", RunChoice.ForResume(_runs.Store, JournaledRuns.Cluster)?.RunId);
        Assert.Equal("lbctl resume 2", UnfinishedRuns.Of(_runs.Store, JournaledRuns.Cluster) is { } run ? UnfinishedRun(run) : null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(RunResult.Partial)]
    [InlineData(RunResult.Failed)]
    [InlineData(RunResult.Interrupted)]
    public void ForResume_NewerRunChangedTheCluster_OffersNothing(RunResult? older)
    {
        _runs.Add("1", older);
        _runs.Add("2");
        Assert.Null(RunChoice.ForResume(_runs.Store, JournaledRuns.Cluster));
        Assert.Empty(UnfinishedRuns.WaysOf(_runs.Store.Since("1"), _runs.Store.Find("1")!));
        // By its name it is refused, and what was decided later is not offered to be taken back for it.
        var refusals = ResumePlanner.Build(SampleFleet.TwoNodes(), Past("1"), DateTimeOffset.UtcNow, acceptLater: false, acceptOld: false)
            .Refusals;
        Assert.Contains(refusals, r => r is { Guard: "newest-first", Next: "lbctl assess" });
    }

    [Fact]
    public void ForResume_NewerRunWasTakenBackOrIsOfAnotherCluster_IsStillOffered()
    {
        _runs.Add("1", result: null);
        _runs.Add("2");
        _runs.Add("3", undoes: "2");
        _runs.Add("4", cluster: "another");
        Assert.Equal("1", RunChoice.ForResume(_runs.Store, JournaledRuns.Cluster)?.RunId);
    }

    [Fact]
    public void ForUndo_Several_AreTheNewestThatAreNotTakenBack()
    {
        _runs.Add("1");
        _runs.Add("2", result: null);
        _runs.Add("3", resumes: "2");
        _runs.Add("4");
        _runs.Add("5", undoes: "4");
        _runs.Add("6", RunResult.RolledBack);
        Assert.Equal(["3"], Ids(1));
        // Its undo takes back what it went on with: the two are one.
        Assert.Equal(["3", "1"], Ids(2));
        Assert.Equal(["3", "1"], Ids(9));
    }

    /// <summary>A thousand older ones are not read for what the newest says: one of them is a pipe, which would be named.</summary>
    [Fact]
    public void Newest_OnlyThePageAndWhatIsNewer_IsRead()
    {
        Directory.CreateDirectory(_state.Runs);
        using (var made = System.Diagnostics.Process.Start("mkfifo", [_state.RunFile("00")]))
            made.WaitForExit();
        foreach (var i in Enumerable.Range(1, 30))
            _runs.Add($"{i:00}");
        var said = new List<string>();
        var store = new JournalStore(_state, said.Add);
        Assert.Equal("30", LastHolder.Of(store.Newest(null))?.By.RunId);
        Assert.Equal(20, store.Newest(null).Take(20).Count());
        Assert.Null(store.UndoOf("15"));
        Assert.Equal("30", Assert.Single(RunChoice.ForUndo(store, JournaledRuns.Cluster, 1)).RunId);
        Assert.Null(RunChoice.ForResume(store, JournaledRuns.Cluster));
        Assert.Null(UnfinishedRuns.Of(store, JournaledRuns.Cluster));
        Assert.Empty(said);
        Assert.Equal(30, store.Newest(null).Count());
        Assert.Single(said);
    }

    private static string UnfinishedRun(LbRunbook.Core.Diagnosis.UnfinishedRun run) => run.NextAt(DateTimeOffset.UtcNow);

    private List<string> Ids(int count) => [.. RunChoice.ForUndo(_runs.Store, JournaledRuns.Cluster, count).Select(r => r.RunId)];

    private PastRun Past(string id) => PastRun.Of(_runs.Store, _runs.Store.Find(id)!);

    private void Three()
    {
        _runs.Add("20260102-030405-617-failover");
        _runs.Add("20260102-040000-001-failover");
        _runs.Add("20260103-040000-002-drain");
    }
}
