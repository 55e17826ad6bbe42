using LbRunbook.Adapters.Keepalived;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Keepalived;

public sealed class KeepalivedReaderTests
{
    [Fact]
    public void Read_UsualConfiguration_KnowsEverythingThatCounts()
    {
        var instance = Assert.Single(KeepalivedText.Read(KeepalivedText.Usual).Instances);
        Assert.Equal(("VI_1", "eth0", 51, 150, "BACKUP", 0.5),
            (instance.Name, instance.Interface, instance.RouterId, instance.Priority, instance.InitialState, instance.AdvertSeconds));
        Assert.Equal((true, 30.0, "G1"), (instance.NoPreempt, instance.PreemptDelaySeconds, instance.SyncGroup));
        Assert.Equal([new("10.0.0.100", 32), new("fd00::0100", 128, Excluded: true)], instance.Addresses);
        Assert.Equal([new("/run/drain", 2, -7, Writable: true)], instance.TrackFiles);
        Assert.Equal(136, instance.EffectivePriority);
        Assert.Equal((VrrpState.Master, true, null), (instance.State, instance.Holds, instance.EditProblem));
        // Version 2: three adverts and (256-150)/256 of a second.
        Assert.Equal(1.914, instance.Detection.TotalSeconds, 3);
    }

    [Theory]
    [InlineData("S", VrrpState.Master)]
    [InlineData("T", VrrpState.Frozen)]
    public void Read_ProcessState_DecidesWhatItsAddressMeans(string state, VrrpState expected)
    {
        var report = KeepalivedText.Report((KeepalivedText.Main, KeepalivedText.Usual))
            .Replace("37 32 S", $"37 32 {state}", StringComparison.Ordinal);
        var seen = KeepalivedReader.Build(KeepalivedReport.Parse(report), [new("eth0", "10.0.0.100", 32)])!;
        Assert.Equal((expected, state == "T", true), (seen.Instances[0].State, seen.Frozen, seen.Runs));
    }

    [Fact]
    public void Read_NoProcessButAddress_IsStoppedAndHolds()
    {
        var report = string.Join('\n',
            KeepalivedText.Report((KeepalivedText.Main, KeepalivedText.Usual)).Split('\n')
                .Where(l => !l.StartsWith("==process==", StringComparison.Ordinal)));
        var instance = KeepalivedReader.Build(KeepalivedReport.Parse(report), [new("eth0", "fd00::100", 128)])!.Instances[0];
        Assert.Equal((VrrpState.Stopped, true), (instance.State, instance.Holds));
    }

    /// <summary>A hand-over keeps it on lo after the election is lost.</summary>
    [Theory]
    [InlineData("eth0", VrrpState.Master)]
    [InlineData("lo", VrrpState.Backup)]
    public void Read_AddressOnLo_IsNoMastership(string card, VrrpState state)
    {
        var text = KeepalivedText.Report((KeepalivedText.Main, KeepalivedText.Usual));
        Assert.Equal(state, KeepalivedReader.Build(KeepalivedReport.Parse(text), [new(card, "10.0.0.100", 32)])!.Instances[0].State);
    }

    [Fact]
    public void Read_NothingThere_IsNull() =>
        Assert.Null(KeepalivedReader.Build(KeepalivedReport.Parse("==id== lb1\n==config== /etc/keepalived/keepalived.conf\n"), []));

    [Fact]
    public void Read_ConditionalLinesAndVariables_AreThisHosts()
    {
        var seen = KeepalivedText.Read("""
            $PRIO=120
            vrrp_instance A {
                @lb1 priority $PRIO
                @lb2 priority 90
                @^lb1 state MASTER
                virtual_ipaddress { 10.0.0.100 }
            }
            """);
        Assert.Equal((120, "BACKUP"), (seen.Instances[0].Priority, seen.Instances[0].InitialState));
        Assert.Contains("not a plain number", seen.Instances[0].EditProblem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Includes_AreFollowedRelativeToTheirFile()
    {
        var seen = KeepalivedText.Read("include conf.d/*.conf\n",
            ("/etc/keepalived/conf.d/a.conf", "vrrp_instance A {\n virtual_router_id 7\n include part\n}\n"),
            ("/etc/keepalived/conf.d/part", "priority 77\n"), ("/etc/keepalived/other/x.conf", "vrrp_instance X {\n}\n"));
        Assert.Equal([("A", 7, 77)], seen.Instances.Select(i => (i.Name, i.RouterId, i.Priority)));
    }

    [Fact]
    public void Read_NoPreemptOnOneThatStartsAsMaster_IsIgnoredLikeKeepalivedDoes() =>
        Assert.False(KeepalivedText.Read("vrrp_instance A {\n state MASTER\n nopreempt\n}\n").Instances[0].NoPreempt);

    [Fact]
    public void Read_FileThatPretendsToBeTheScript_StaysText() =>
        Assert.Equal(["A"], KeepalivedText.Read("==process== 1 1 T\n==file== x /y\nvrrp_instance A {\n}\n").Instances.Select(i => i.Name));
}
