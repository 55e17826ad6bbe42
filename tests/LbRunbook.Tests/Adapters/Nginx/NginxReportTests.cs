using LbRunbook.Adapters.Nginx;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

public sealed class NginxReportTests
{
    private static readonly string Real = Recording.Read("report.txt");
    private static readonly Node Node = new() { Name = "lb1", Host = "192.0.2.1", Proxy = ProxyKind.Nginx };
    private static readonly NginxDaemon Daemon = NginxChoice.Of(Node, NginxProcesses.Parse(
        "pidfile\t2200\nprocess\tmaster\t2200\t1\there\tnginx\t/\tnginx: master process nginx\nbuild\tnginx\n"
            + "nginx version: nginx/1.22.1\nconfigure arguments: --conf-path=/etc/nginx/nginx.conf --pid-path=/run/nginx.pid\nfound\n"));

    [Fact]
    public void Build_RealReport_GivesProcessAndServers()
    {
        var state = NginxState.Build(Node, Daemon, NginxReport.Parse(Real));

        Assert.True(state.Answers);
        Assert.Equal(("1.22.1", 2200, 2L), (state.Version, state.Pid, state.CurrentConnections));
        Assert.Equal([2202], state.OldWorkers);
        Assert.Equal(
            [
                "127.0.0.1:28490 Ready 3 not checked", "127.0.0.1:28492 Maint 1 down", "127.0.0.1:28491 Ready 1 backup",
                "[::1]:28490 Maint 2 down backup", "unix:/tmp/x.sock Ready 1 not checked", "127.0.0.2:80 Ready 1 not checked",
            ],
            state.Servers.Select(s => $"{s.Address} {s.Admin} {s.Weight} {s.Status}"));
        Assert.Single(state.Notes);
    }

    [Fact]
    public void Build_ReportCutInTheConfiguration_SaysSo()
    {
        var state = NginxState.Build(Node, Daemon, NginxReport.Parse(Real[..Real.IndexOf("least_conn", StringComparison.Ordinal)]));

        Assert.True(state.Answers);
        Assert.Empty(state.Servers);
        Assert.Contains("cut off", Assert.Single(state.Notes));
    }

    [Fact]
    public void Parse_MarkerInsideTheConfiguration_DoesNotEndIt()
    {
        var text = Real.Replace("least_conn;", "least_conn;\n==lbctl== configuration-end 9\n==lbctl== status\n", StringComparison.Ordinal);

        var report = NginxReport.Parse(text);

        Assert.Equal(0, report.ConfigurationExit);
        Assert.StartsWith("Active connections", report["status"]);
        Assert.Contains("127.0.0.2;", report.Configuration);
    }

    [Fact]
    public void Build_ServerByName_SaysThatItsSessionsAreNotCounted()
    {
        var text = Real.Replace("server 127.0.0.2;", "server app.example.com;", StringComparison.Ordinal);

        Assert.Contains(
            NginxState.Build(Node, Daemon, NginxReport.Parse(text)).Notes,
            n => n == "sessions of web_upstream/app.example.com are not counted: it is configured by name, not by address");
    }

    [Fact]
    public void Build_StatusPageAnswersAndNoMasterIsSeen_TakesNoChange()
    {
        var nobody = NginxChoice.Of(Node, NginxProcesses.Parse("found\n"));
        var text = Real.Replace("2200 nginx: master process nginx -c /etc/nginx/nginx.conf", "", StringComparison.Ordinal);

        var state = NginxState.Build(Node, nobody, NginxReport.Parse(text));

        Assert.True(state.Answers);
        Assert.Contains("its master process is not to be seen", state.WhyNoChange, StringComparison.Ordinal);
        Assert.Null(NginxState.Build(Node, Daemon, NginxReport.Parse(Real)).WhyNoChange);
    }
}
