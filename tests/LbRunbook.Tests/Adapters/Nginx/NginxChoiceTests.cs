using LbRunbook.Adapters.Nginx;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

/// <summary>Which process is the daemon of a node, and with what words it is called.</summary>
public sealed class NginxChoiceTests
{
    private const string Debian = "nginx: master process /usr/sbin/nginx -g daemon on; master_process on;";

    private static readonly Node Node = new() { Name = "lb1", Host = "192.0.2.1", Proxy = ProxyKind.Nginx };
    private static readonly Node Edge = Node with { Nginx = new() { Config = "/etc/nginx/edge.conf" } };

    [Theory]
    [InlineData("")]
    [InlineData("4711")]
    [InlineData("no number")]
    public void Of_OneMasterWhateverThePidFileSays_IsTheDaemon(string pidFile)
    {
        var daemon = Of(Node, pidFile, Master(100, Debian));

        Assert.Equal((100, "555"), (daemon.Pid, daemon.Start));
        // As the rules for sudo have it.
        Assert.Equal(["nginx", "-T", "-c", "/etc/nginx/nginx.conf"], daemon.Call("-T"));
        Assert.Null(daemon.WhyUnseen);
        Assert.Empty(daemon.Notes);
    }

    [Fact]
    public void Of_StartedWithOtherWords_TheyComeBeforeTheDefaultPaths()
    {
        var daemon = Of(Node, "", Master(100, "nginx: master process nginx -p /srv/lb -c conf/lb.conf -g pid run/lb.pid; daemon off;"));

        Assert.Equal("/srv/lb/conf/lb.conf", daemon.Config);
        Assert.Equal(["nginx", "-t", "-p", "/srv/lb", "-c", "conf/lb.conf", "-g", "pid run/lb.pid;"], daemon.Call("-t"));
        Assert.Equal("/srv/lb/run/lb.pid", daemon.PidFile(null, "/run/nginx.pid"));
        Assert.Contains("not with /etc/nginx/nginx.conf", Assert.Single(daemon.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RelativePrefix_IsCalledWhereItWasStarted() =>
        Assert.Equal(["sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "nginx", "/srv", "nginx", "-t", "-p", "lb", "-c", "lb.conf"],
            Of(Node, "", Master(100, "nginx: master process nginx -plb -clb.conf", directory: "/srv")).Call("-t"));

    [Fact]
    public void Of_SeveralInstances_TheConfigurationTellsWhichOne()
    {
        string[] masters = [Master(100, Debian), Master(200, "nginx: master process /usr/sbin/nginx -c /etc/nginx/edge.conf")];

        Assert.Equal(100, Of(Node, "200", masters).Pid);
        Assert.Equal(200, Of(Edge, "100", masters).Pid);
        Assert.Equal(200, Of(Edge, "", masters).Pid);
        // Somebody else's: it is not started with what was asked for.
        Assert.Equal((0, null), (Of(Edge, "100", masters[0]).Pid, Of(Edge, "100", masters[0]).WhyUnseen));
    }

    [Fact]
    public void Of_TwoWithTheSameConfiguration_ThePidFileTells()
    {
        string[] masters = [Master(100, Debian), Master(200, Debian)];

        Assert.Equal(200, Of(Node, "200", masters).Pid);
        Assert.Contains("more than one master process may be it (pid 100", Of(Node, "4711", masters).WhyUnseen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("container", "master", "it runs in a container (pid 100)")]
    [InlineData("network", "master", "it runs in another network")]
    [InlineData("here", "orphan", "its master process is gone")]
    [InlineData("here", "single", "without a master process")]
    public void Of_NotAMasterOnTheMachine_IsNotKnownAndSaysWhy(string place, string kind, string why)
    {
        var daemon = Of(Node, "100", Master(100, Debian, kind, place));

        Assert.False(daemon.Runs);
        Assert.Contains(why, daemon.WhyUnseen, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_NothingThere_DoesNotRun() => Assert.Equal((0, null), (Of(Node, "4711").Pid, Of(Node, "4711").WhyUnseen));

    [Fact]
    public void Of_AnswerCutOff_IsNotKnown() =>
        Assert.Contains("could not be listed", NginxChoice.Of(Node, NginxProcesses.Parse("pidfile\t1\n")).WhyUnseen,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("nginx: master process nginx -g daemon off; pid /a; -c /b.conf", "/b.conf", "pid /a;")]
    [InlineData("nginx: master process nginx -c /b.conf -g daemon off;", "/b.conf", null)]
    [InlineData("nginx: master process nginx", null, null)]
    [InlineData("nginx: master process nginx -g", null, null)]
    [InlineData("", null, null)]
    public void Arguments_OfATitle_AreItsWords(string title, string? config, string? globals)
    {
        var arguments = NginxArguments.Of(title);

        Assert.Equal((config, globals), (arguments.Config, arguments.Globals));
    }

    private static NginxDaemon Of(Node node, string pidFile, params string[] lines) => NginxChoice.Of(node, NginxProcesses.Parse(
        $"pidfile\t{pidFile}\nconfig\t{node.Nginx.Config}\n{string.Concat(lines.Select(l => l + "\n"))}build\tnginx\n"
            + "nginx version: nginx/1.22.1\nconfigure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf "
            + "--pid-path=/run/nginx.pid\nfound\n"));

    private static string Master(int pid, string title, string kind = "master", string place = "here", string directory = "/") =>
        $"process\t{kind}\t{pid}\t555\t{place}\tnginx\t{directory}\t{title}";
}
