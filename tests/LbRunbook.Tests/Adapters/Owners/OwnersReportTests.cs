using System.Net;
using LbRunbook.Adapters.Owners;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Adapters.Owners;

public sealed class OwnersReportTests
{
    private static readonly IPAddress s_vip = IPAddress.Parse("10.0.0.100");

    [Fact]
    public void Read_ResourceOfPacemaker_IsItsOwnByName()
    {
        var owner = Assert.Single(OwnersReport.Read(
            ["owner pacemaker process 812 read", "address 10.0.0.100", "resource 10.0.0.100 web-vip"]));

        Assert.True(owner.Names(s_vip));
        Assert.False(owner.MayOwn(IPAddress.Parse("10.0.0.101")));
        Assert.StartsWith("crm resource move web-vip lb2", owner.Advice(s_vip, "lb1", "lb2"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("owner pacemaker process 812")]
    [InlineData("unread /var/lib/pacemaker/cib/cib.xml|owner pacemaker process 812 read")]
    public void Read_FilesThatCouldNotBeRead_MayOwnEverything(string lines) =>
        Assert.True(Assert.Single(OwnersReport.Read(lines.Split('|'))).MayOwn(s_vip));

    [Theory]
    [InlineData("address 192.0.2.7", false)]
    [InlineData("address 127.0.0.1", true)]
    public void Read_ProcessNamesAnAddress_OwnsThatOne(string line, bool may) =>
        Assert.Equal(may, Assert.Single(OwnersReport.Read(["owner ucarp process 9", line])).MayOwn(s_vip));

    [Fact]
    public void Read_AnotherSpelling_IsTheSameAddress() =>
        Assert.True(Assert.Single(OwnersReport.Read(["owner ucarp process 9", "address fd00:0:0::0100"]))
            .Names(IPAddress.Parse("fd00::100")));

    [Fact]
    public void Read_Nonsense_IsNothing() =>
        Assert.Empty(OwnersReport.Read(["address 1", "resource", "owner", "owner nobody process 1", ""]));

    /// <summary>What stands behind its own parameters is the look's.</summary>
    [Fact]
    public async Task Script_MoreParametersThanItsOwn_EndsByItself()
    {
        var fleet = SampleFleet.TwoNodes();
        var parameters = OwnersReport.Parameters(fleet, fleet.Nodes[0]);

        var result = await ChildProcess.RunAsync(
            new("sh", ["-c", EmbeddedScript.Read("owners.sh"), "owners", .. parameters, "pool/web1", "http", "10.0.0.1", "80"]),
            TestContext.Current.CancellationToken);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("", result.Error);
        Assert.Equal($"{parameters.Count}", parameters[0]);
    }

    [Fact]
    public void All_Managers_HaveAnAdviceAndWordsThatAShellSplitsWell() => Assert.All(AddressManager.All, m =>
    {
        Assert.NotEmpty(m.Advice(s_vip, "lb1", "lb2", null));
        Assert.All(m.Processes, p => Assert.Matches("^[A-Za-z0-9-]{1,15}$", p));
        Assert.All(m.Files, f => Assert.Matches("^/[A-Za-z0-9/._-]+$", f));
    });
}
