using LbRunbook.Core.History;
using LbRunbook.Engine.History;
using LbRunbook.Engine.Journal;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Engine.History;

public sealed class HistoryStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lbctl-history-").FullName;
    private StatePaths Paths => new(_root);
    private string FilePath => Paths.HistoryFile("web");

    [Fact]
    public void Remember_SeveralLooks_GivesThoseBeforeOldestFirst()
    {
        for (var i = 0; i < 3; i++)
            Assert.Equal(i, Remember(i).Count);
        var past = Remember(3);
        Assert.Equal([0, 1, 2], past.Select(p => (int)(p.At - Sample.Now).TotalMinutes));
        Assert.Equal(["web1", "web2", "web3"], past[0].Pools[0].Backends.Select(b => b.Name));
        Assert.Equal(4, past[0].Pools[0].Backends[0].On[0].Current);
    }

    [Theory]
    [InlineData("{\"at\":\"2026-03-01T02")]
    [InlineData("{}\n")]
    [InlineData("{\"at\":\"2026-03-01T02:00:00+00:00\",\"pools\":[{\"name\":\"web\",\"backends\":[null]}]}\n")]
    [InlineData("{\"at\":\"2026-03-01T02:00:00+00:00\",\"pools\":null}\n")]
    [InlineData("\0\0\0\n")]
    [InlineData("[]\nnull\n7\n")]
    public void Remember_BrokenLines_CostOnlyThemselves(string broken)
    {
        Remember(0);
        File.AppendAllText(FilePath, broken);
        Remember(1);
        Assert.Equal(2, Remember(2).Count);
    }

    [Fact]
    public void Remember_TooMany_KeepsTheNewest()
    {
        var line = LineOf(0);
        File.WriteAllText(FilePath, string.Concat(Enumerable.Repeat(line, HistoryStore.MaximumLooks * 2)));
        Assert.Equal(HistoryStore.MaximumLooks * 2, Remember(1).Count);
        Assert.Equal(HistoryStore.MaximumLooks, File.ReadAllLines(FilePath).Length);
        Assert.Equal(Sample.Now.AddMinutes(1), Remember(2)[^1].At);
        Assert.Single(Directory.GetFiles(Paths.History));
    }

    [Fact]
    public void Remember_GiganticFile_IsReadFromItsEndAndCut()
    {
        LineOf(0);
        File.WriteAllText(FilePath, new string('x', 6 * 1024 * 1024) + "\n");
        Assert.Empty(Remember(1));
        Assert.True(new FileInfo(FilePath).Length < 10_000);
        Assert.Single(Remember(2));
    }

    [Fact]
    public void Remember_Yesterday_IsNotRead()
    {
        Remember(0);
        Assert.Empty(Remember((24 * 60) + 1));
    }

    [Fact]
    public void Remember_FromTheFuture_IsNotRead()
    {
        Remember(60);
        Assert.Empty(Remember(0));
    }

    [Fact]
    public void Remember_FileAndFolder_AreTheUsersAlone()
    {
        Remember(0);
        if (OperatingSystem.IsWindows())
            return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Paths.History));
    }

    [Fact]
    public void Remember_NoPlaceToWrite_ForgetsAndGoesOn()
    {
        File.WriteAllText(Path.Combine(_root, "history"), "in the way");
        Assert.Empty(Remember(0));
        Assert.Empty(Remember(1));
    }

    [Fact]
    public void HistoryFile_StrangeName_StaysInItsFolder() =>
        Assert.Equal(Paths.History, Path.GetDirectoryName(Paths.HistoryFile("../../etc/x")));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private IReadOnlyList<PastLook> Remember(int minute) => new HistoryStore(Paths).Remember("web", Look(minute));

    private static PastLook Look(int minute) => PastLook.Of(Sample.Healthy with { TakenAt = Sample.Now.AddMinutes(minute) });

    private string LineOf(int minute)
    {
        Remember(minute);
        return File.ReadAllText(FilePath);
    }
}
