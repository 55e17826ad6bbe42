using System.Net;
using LbRunbook.Core.Config;
using LbRunbook.Core.Model;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class ExampleConfigTests
{
    private static readonly ConfigResult Example = ConfigLoader.Load(RepositoryFiles.Path("config/lbctl.example.yaml"));

    [Fact]
    public void Example_Load_HasNoProblems() => Assert.Empty(Example.Problems);

    [Fact]
    public void Example_Load_BindsNodesWithTheirOwnSsh()
    {
        var fleet = Example.Fleet!;
        Assert.Equal(("web-prod", FleetEnvironment.Production), (fleet.Cluster, fleet.Environment));
        Assert.Equal(["lb1", "lb2"], fleet.Nodes.Select(n => n.Name));
        Assert.Equal(150, fleet.Node("lb1").Priority);
        var (first, second) = (fleet.Node("lb1").Ssh, fleet.Node("lb2").Ssh);
        Assert.Equal(("root", false, "bastion.example.com"), (first.User, first.Sudo, first.Jump));
        Assert.Equal(first with { User = "ops", Sudo = true }, second);
        Assert.Equal(TimeSpan.FromSeconds(30), second.CommandTimeout);
        Assert.Equal(["rc-service", "nginx", "status"], fleet.Node("lb2").Service.Status!);
        Assert.False(fleet.Node("lb2").Service.UsesSystemd);
        Assert.Equal(new HaproxyOptions(), fleet.Node("lb1").Haproxy);
        Assert.Equal(new NginxOptions(), fleet.Node("lb2").Nginx);
    }

    [Fact]
    public void Example_Load_BindsVipsOfBothFamilies()
    {
        var (public4, public6) = (Example.Fleet!.Vip("public"), Example.Fleet.Vip("public6"));
        Assert.Equal((IPAddress.Parse("10.0.0.100"), 32), (public4.Address, public4.PrefixLength));
        Assert.Equal("2001:db8::100/128", public6.Cidr);
        Assert.Equal(
            new HttpCheck
            {
                Port = 80,
                Path = "/health",
                Status = 200,
                Body = "ok",
                Host = "www.example.com",
                Timeout = TimeSpan.FromSeconds(2),
            },
            public4.Check);
        Assert.Equal(new TcpCheck { Port = 443 }, public6.Check);
    }

    [Fact]
    public void Example_Load_JoinsNestedAndFlatBackends()
    {
        var web = Example.Fleet!.Pools[0];
        Assert.Equal("web_backend", web.NameInProxy);
        Assert.Equal(["web1", "web2", "web9"], web.Backends.Select(b => b.Name));
        Assert.All(web.Backends, b => Assert.Equal("web", b.Pool));
        Assert.Equal("bastion.example.com", web.Backends[0].Ssh!.Jump);
        Assert.Null(web.Backends[1].Ssh);
        var deep = Assert.IsType<CommandCheck>(Example.Fleet.Pools[1].DeepHealth);
        Assert.Equal(["/usr/local/bin/check-cache", "{host}", "{port}"], deep.Command);
    }

    [Fact]
    public void Example_Load_BindsTheRest()
    {
        var fleet = Example.Fleet!;
        Assert.Equal(new Thresholds(), fleet.Thresholds);
        Assert.Equal(("client", "ops"), (fleet.Witnesses[0].Name, fleet.Witnesses[0].Ssh.User));
        Assert.Equal([AlertKind.Slack, AlertKind.PagerDuty, AlertKind.Slack], fleet.Alerts.Select(a => a.Kind));
        Assert.Equal([AlertSeverity.Warning, AlertSeverity.Critical, AlertSeverity.Info], fleet.Alerts.Select(a => a.MinimumSeverity));
        Assert.Equal("/etc/lbctl/slack-webhook", fleet.Alerts[0].SecretFile);
        Assert.Equal("LBCTL_PAGERDUTY_KEY", fleet.Alerts[1].SecretEnvironment);
        Assert.Equal(["pass", "show", "lbctl/audit-webhook"], fleet.Alerts[2].SecretCommand!);
        Assert.EndsWith("lbctl.example.yaml", fleet.SourcePath);
    }
}
