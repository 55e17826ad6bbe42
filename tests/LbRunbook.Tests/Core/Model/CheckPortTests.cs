using System.Text.RegularExpressions;
using LbRunbook.Core.Model;
using LbRunbook.Core.Steps;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Core.Model;

/// <summary>One function decides which port a check asks: a look, a plan and its proof must not ask three.</summary>
public sealed class CheckPortTests
{
    private static readonly HealthCheck[] s_checks =
        [new TcpCheck(), new HttpCheck(), new HttpCheck { Tls = true }, new HttpCheck { Tls = true, Port = 8443 },
            new CommandCheck { Command = ["true"] }];

    [Fact]
    public void PortOn_AnAddressAlone_IsItsOwnElseTheProtocols() =>
        Assert.Equal([80, 80, 443, 8443, 80], s_checks.Select(c => c.PortOn()));

    [Fact]
    public void PortOn_ABackend_IsItsOwnElseTheBackends() =>
        Assert.Equal([8080, 8080, 8080, 8443, 8080], s_checks.Select(c => c.PortOn(8080)));

    [Fact]
    public async Task Failover_HttpsCheckWithoutAPort_ListensWaitsAndProvesOnPort443()
    {
        var fleet = SampleFleet.TwoNodes();
        var lab = new FailoverLab(fleet with
        {
            Vips = [fleet.Vips[0] with { Check = new HttpCheck { Tls = true, Path = "/health" } }],
        });
        var plan = lab.Plan(lab.Request() with { StopProxy = true }).Plan!;
        Assert.Equal(443, plan.Steps.Select(s => s.Step).OfType<VipListenStep>().Single().Port);
        Assert.Equal(443, plan.Steps.Select(s => s.Step).OfType<SessionsEndedStep>().Single().Port);
        await lab.RunAsync(plan);
        Assert.Equal("443", lab.World.Faults.Calls.Last(c => c is { Operation: "check", Target: "10.0.0.100" }).Subject);
    }

    [Fact]
    public void Source_NobodyElse_HasADefaultPortOfAnHttpCheck() => Assert.Empty(
        from file in Directory.EnumerateFiles(RepositoryFiles.Path("src"), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.EndsWith("HealthCheck.cs", StringComparison.Ordinal)
        where Regex.IsMatch(File.ReadAllText(file), @"Port \?\? \(?(?:80|443|\w+\.Tls)", RegexOptions.None, TimeSpan.FromSeconds(5))
        select file);
}
