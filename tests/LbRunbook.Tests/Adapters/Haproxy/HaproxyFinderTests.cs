using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

/// <summary>Which process is the daemon of a node, and what its command line says.</summary>
public sealed class HaproxyFinderTests
{
    private static readonly Node Node = new() { Name = "lb1", Host = "192.0.2.1", Proxy = ProxyKind.Haproxy };

    [Theory]
    [InlineData("-Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid -S /run/haproxy-master.sock", "/etc/haproxy/haproxy.cfg",
        "/run/haproxy-master.sock")]
    [InlineData("-sf 12 13 -x sockpair@5 -W -f /a.cfg -f /b -S /m.sock,level,admin,mode,660", "/a.cfg /b", "/m.sock")]
    [InlineData("-W -S unix@m.sock -f a.cfg -- b.cfg c.cfg", "/srv/a.cfg /srv/b.cfg /srv/c.cfg", "/srv/m.sock")]
    [InlineData("-C /opt -f x.cfg -S 127.0.0.1:9999", "/opt/x.cfg", null)]
    [InlineData("-S abns@master -f /a", "/a", null)]
    [InlineData("-f", "", null)]
    public void Words_OfACommandLine_TellFilesAndMaster(string words, string config, string? master)
    {
        var seen = HaproxyWords.Of(["haproxy", .. words.Split(' ')], "/srv");

        Assert.Equal((config, master), (string.Join(' ', seen.Config), seen.Master));
    }

    [Fact]
    public void Words_ForATest_AreThoseThatItsMeaningHangsOn() => Assert.Equal(
        ["-C", "/opt", "-L", "peer1", "-f", "/opt/a", "-f", "/b"],
        HaproxyWords.Of(["haproxy", "-Ws", "-C", "/opt", "-f", "a", "-f", "/b", "-L", "peer1", "-p", "/run/p", "-q"], "/").Test);

    [Fact]
    public void As_RunsWithOtherPaths_TheyReplaceTheUsualOnes()
    {
        var seen = Seen(Process(10, "-f /a -f /b -S /run/haproxy-master.sock"), "worker\t11\t10");

        var node = HaproxyFinder.As(Node, HaproxyFinder.Of(Node, seen, null));

        Assert.Equal((string[])["/a", "/b"], node.Haproxy.AllConfig);
        Assert.Equal("/run/haproxy-master.sock", node.Haproxy.MasterSocket);
        Assert.Equal([11], seen.All[0].Workers);
    }

    [Fact]
    public void Of_SeveralInstances_TheAnsweringPidThenTheConfigurationTells()
    {
        var seen = Seen(Process(10, "-f /a"), "worker\t11\t10", Process(20, "-f /b"), "worker\t21\t20");

        Assert.Equal(20, HaproxyFinder.Of(Node, seen, 21)?.Pid);
        Assert.Equal(20, HaproxyFinder.Of(Node with { Haproxy = new() { Config = "/b" } }, seen, null)?.Pid);
        Assert.Null(HaproxyFinder.Of(Node, seen, null));
        // Somebody else's: it was not started with what was asked for.
        Assert.Null(HaproxyFinder.Of(Node with { Haproxy = new() { Config = "/c" } }, Seen(Process(10, "-f /a")), null));
        Assert.Null(HaproxyFinder.Of(Node, Seen(Process(10, "-f /etc/haproxy/haproxy.cfg", "container")), null));
    }

    [Theory]
    [InlineData(11, false)]
    [InlineData(99, true)]
    [InlineData(null, true)]
    public void OldWorkers_MasterIsSilent_AreKnownOnlyToWhoSeesTheOneThatAnswers(int? answering, bool more)
    {
        var blind = new MasterView([], new Dictionary<(string, string), long>(), [], "not visible", Blind: true);

        var seen = OldWorkers.Seen(Node, blind, Seen(Process(10, "-f /a"), "worker\t11\t10"), answering);

        Assert.Equal(more, seen.Uncounted is not null);
        Assert.NotNull(OldWorkers.Seen(Node, blind, HaproxyProcesses.NotSeen, answering).Uncounted);
        Assert.NotNull(OldWorkers.Seen(Node, blind, Seen(Process(10, "-f /a")), answering).Uncounted);
    }

    private static HaproxyProcesses Seen(params string[] lines) => HaproxyProcesses.Parse(string.Join('\n', lines) + "\nfound\n");

    private static string Process(int pid, string words, string place = "here") =>
        $"process\t{pid}\t1\t{pid}\t{place}\t\t/\n" + string.Join('\n', $"haproxy {words}".Split(' ').Select(w => "word\t" + w));
}
