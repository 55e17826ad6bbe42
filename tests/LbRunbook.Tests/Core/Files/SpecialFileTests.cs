using System.Diagnostics;
using System.Net.Sockets;
using LbRunbook.Core.Config;
using LbRunbook.Core.Files;
using LbRunbook.Core.History;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.History;
using LbRunbook.Engine.Journal;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Files;

/// <summary>Nothing that lies where a file should be hangs anything; it is told by name, or costs no more than a missing one.</summary>
public sealed class SpecialFileTests : IDisposable
{
    private readonly StatePaths _paths = new(Directory.CreateTempSubdirectory("lbctl-special-").FullName);

    public SpecialFileTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "FIFOs are a thing of Unix");

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    [Fact]
    public void WhyNot_EveryKind_IsNamed()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(_paths.Root, "s")));
        File.WriteAllText(Path.Combine(_paths.Root, "file"), "");
        File.CreateSymbolicLink(Path.Combine(_paths.Root, "link"), Fifo("fifo"));
        Assert.Equal("a socket", RegularFile.WhyNot(Path.Combine(_paths.Root, "s")));
        Assert.Equal("a pipe (FIFO)", RegularFile.WhyNot(Path.Combine(_paths.Root, "fifo")));
        Assert.Equal("a pipe (FIFO)", RegularFile.WhyNot(Path.Combine(_paths.Root, "link")));
        Assert.Equal("a device", RegularFile.WhyNot("/dev/zero"));
        Assert.Equal("a directory", RegularFile.WhyNot(_paths.Root));
        Assert.Null(RegularFile.WhyNot(Path.Combine(_paths.Root, "file")));
        Assert.Null(RegularFile.WhyNot(Path.Combine(_paths.Root, "nothing")));
    }

    [Fact]
    public Task Configuration_Fifo_IsRefusedByName() => SoonAsync(() =>
    {
        var fifo = Fifo("config.yaml");
        Assert.StartsWith($"{fifo}:1:1: this is a pipe (FIFO), not a file", Assert.Single(ConfigLoader.Load(fifo).Problems).ToString());
    });

    /// <summary>Named, found in the default place, or beside it.</summary>
    [Theory]
    [InlineData("LBCTL_CONFIG")]
    [InlineData("XDG_CONFIG_HOME")]
    public Task Locate_Fifo_DoesNotReadIt(string how) => SoonAsync(() =>
    {
        Directory.CreateDirectory(Path.Combine(_paths.Root, "lbctl", "clusters"));
        var fifo = Fifo("lbctl/config.yaml");
        if (how == "LBCTL_CONFIG")
            Fifo("lbctl/clusters/other.yaml");
        var variable = how == "LBCTL_CONFIG" ? fifo : _paths.Root;
        Assert.Equal(fifo, ConfigLocator.Locate(new ConfigRequest(null, null, name => name == how ? variable : null)).Path);
    });

    [Fact]
    public Task Journal_FifoAmongThem_IsLeftOutAndNamedOnce() => SoonAsync(() =>
    {
        Directory.CreateDirectory(_paths.Runs);
        var fifo = Fifo("runs/20260102-030405-617-failover.jsonl");
        var said = new List<string>();
        var store = new JournalStore(_paths, said.Add);
        Assert.Empty(store.Newest(null));
        Assert.Null(store.Find("20260102-030405-617-failover"));
        Assert.Equal([$"{fifo} is a pipe (FIFO), not a journal: it is left out"], said);
    });

    [Fact]
    public Task History_Fifo_CostsTheMemoryOnly() => SoonAsync(() =>
    {
        Directory.CreateDirectory(_paths.History);
        Fifo("history/web.jsonl");
        Assert.Empty(new HistoryStore(_paths).Remember("web", PastLook.Of(Sample.Healthy)));
    });

    [Theory]
    [InlineData("locks/web.lock", true)]
    [InlineData("locks/web.holder", false)]
    public Task Lock_Fifo_WarnsAndDoesNotStopTheWork(string name, bool warns) => SoonAsync(() =>
    {
        Directory.CreateDirectory(_paths.Locks);
        var fifo = Fifo(name);
        var said = new List<string>();
        using var taken = ClusterLock.Take(_paths, "web", SampleLease.Holder("me"), said.Add);
        Assert.False(taken.IsOthers);
        Assert.Equal(warns, said.Count == 1 && said[0].Contains($"{fifo} is a pipe (FIFO), not a file", StringComparison.Ordinal));
        Assert.Null(ClusterLock.LastHolder(_paths, "web"));
    });

    [Fact]
    public Task Circuit_Fifo_IsAClosedOne() => SoonAsync(() =>
    {
        var store = new CircuitStore(_paths);
        var key = new LbRunbook.Core.Ports.CircuitKey("web", "pool", "web1");
        Directory.CreateDirectory(Path.Combine(_paths.Circuits, "web"));
        Fifo("circuits/web/pool+web1.json");
        Fifo("circuits/web/pool+web1.json.new");
        Assert.Equal(new(), store.Read(key));
        store.Write(key, new LbRunbook.Core.Ports.Circuit().Failed(DateTimeOffset.UnixEpoch));
    });

    private string Fifo(string name)
    {
        var path = Path.Combine(_paths.Root, name);
        using var made = Process.Start("mkfifo", [path]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }

    /// <summary>What hangs in open(2) hangs for ever: a thread of its own, which the test leaves behind.</summary>
    private static Task SoonAsync(Action action) =>
        Task.Run(action).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
