using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.Journal;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Engine.Journal;

public sealed class JournalTests : IDisposable
{
    private readonly StatePaths _state = new(Directory.CreateTempSubdirectory("lbctl-journal-").FullName);

    public void Dispose() => Directory.Delete(_state.Root, recursive: true);

    private static RunStarted Start(string id, int pid) => new()
    {
        At = DateTimeOffset.UtcNow, RunId = id, Verb = "failover", Cluster = "c", Environment = "lab", Title = "t",
        Plan = [new VipAddStep("public", "lb2")], User = "u", Host = Environment.MachineName, Pid = pid,
    };

    [Fact]
    public void Write_AnyEvent_ReadsBackTheSame()
    {
        using (var journal = JournalWriter.Open(_state, "a", m => Assert.Fail(m)))
        {
            journal.Write(Start("a", Environment.ProcessId));
            journal.Write(new StepIntended(0, new VipAddStep("public", "lb2"), null, new VipRemoveStep("public", "lb2")));
        }
        var run = new JournalStore(_state).Find("a")!;
        Assert.Equal(new VipAddStep("public", "lb2"), Assert.Single(run.Start.Plan));
        Assert.Equal(new VipRemoveStep("public", "lb2"), Assert.Single(new RunChain([run]).Inverses()));
        Assert.Equal(RunState.Running, run.State);
    }

    [Fact]
    public void Open_NewFile_IsReadableByTheOwnerAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are a UNIX matter");
        using var journal = JournalWriter.Open(_state, "a", m => Assert.Fail(m));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_state.RunFile("a")));
    }

    [Fact]
    public void Find_LastLineTornByAKill_KeepsWhatWasWhole()
    {
        using (var journal = JournalWriter.Open(_state, "a", m => Assert.Fail(m)))
        {
            journal.Write(Start("a", 0x3ffffff));
            journal.Write(new StepIntended(0, new VipAddStep("public", "lb2"), null, new VipRemoveStep("public", "lb2")));
        }
        File.AppendAllText(_state.RunFile("a"), "{\"type\":\"stepFin");
        var run = new JournalStore(_state).Find("a")!;
        Assert.Equal((RunState.Killed, true), (run.State, run.MayHaveChanged));
    }

    [Fact]
    public void Find_NotARunId_NeverLeavesTheFolder()
    {
        File.WriteAllText(Path.Combine(_state.Root, "x.jsonl"), "{}");
        Assert.Null(new JournalStore(_state).Find("../x"));
    }

    [Fact]
    public void Write_DiskFull_WarnsOnceAndGoesOn()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        var warnings = new List<string>();
        using var journal = JournalWriter.ForTest(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0),
            warnings.Add);
        journal.Write(Start("a", 1));
        journal.Write(Start("a", 1));
        Assert.Contains("the run goes on", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_SecondTime_NamesTheHolder()
    {
        var holder = SampleLease.Holder("alice");
        using var first = ClusterLock.Take(_state, "web", holder, m => Assert.Fail(m));
        using (var second = ClusterLock.Take(_state, "web", SampleLease.Holder("bob"), m => Assert.Fail(m)))
            Assert.Equal((true, holder), (second.IsOthers, second.HeldBy));
        using var elsewhere = ClusterLock.Take(_state, "db", SampleLease.Holder("bob"), m => Assert.Fail(m));
        Assert.False(elsewhere.IsOthers);
    }

    [Fact]
    public void Take_AfterTheHolderLeft_IsFree()
    {
        ClusterLock.Take(_state, "web", SampleLease.Holder("alice"), m => Assert.Fail(m)).Dispose();
        using var second = ClusterLock.Take(_state, "web", SampleLease.Holder("bob"), m => Assert.Fail(m));
        Assert.False(second.IsOthers);
    }
}
