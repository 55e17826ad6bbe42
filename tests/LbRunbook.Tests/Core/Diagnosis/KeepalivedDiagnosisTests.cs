using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.Tests.Core.Diagnosis.DiagnosisAssert;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class KeepalivedDiagnosisTests
{
    private static readonly Observation Elected = Sample.Healthy.With("lb1", n => n with { Keepalived = State(150, VrrpState.Master) })
        .With("lb2", n => n with { Keepalived = State(100, VrrpState.Backup) });

    private static KeepalivedState State(int priority, VrrpState state) => new()
    {
        Runs = state != VrrpState.Stopped,
        Frozen = state == VrrpState.Frozen,
        Instances = [new() { Name = "VI_1", RouterId = 51, Priority = priority, State = state, Holds = state == VrrpState.Master,
            Addresses = [new("10.0.0.100", 32)] }],
    };

    private static Observation On(string node, KeepalivedState? state) => Elected.With(node, n => n with { Keepalived = state });

    private static NodeObservation Carrying(NodeObservation n) => n with { Addresses = [.. n.Addresses, Sample.Address("10.0.0.100", 32)] };

    [Fact]
    public void Diagnose_OneMasterOneBackup_FindsNothing() =>
        Assert.DoesNotContain(Diagnoser.Diagnose(Sample.Fleet, Elected),
            f => f.Code.ToString().StartsWith("Vrrp", StringComparison.Ordinal));

    [Fact]
    public void Diagnose_TwoMasters_IsASplitBrainThatStoppingOneEnds() =>
        One(On("lb2", State(100, VrrpState.Master)).With("lb2", Carrying), DiagnosisCode.VrrpSplitBrain, Severity.Critical,
            "lbctl failover lb2 lb1 --emergency");

    [Fact]
    public void Diagnose_FrozenProcess_IsStuck() =>
        One(On("lb1", State(150, VrrpState.Frozen)), DiagnosisCode.VrrpStuck, Severity.Critical, "lbctl failover lb1 lb2");

    [Fact]
    public void Diagnose_AddressWithoutKeepalived_IsLeftover() =>
        One(On("lb1", State(150, VrrpState.Stopped)), DiagnosisCode.VrrpLeftover, Severity.Critical, "lbctl failover lb1 lb2");

    [Fact]
    public void Diagnose_StandbyWithoutKeepalived_IsDownOnly()
    {
        var seen = On("lb2", State(100, VrrpState.Stopped));
        One(seen, DiagnosisCode.VrrpDown, Severity.Warning, "ssh root@10.0.0.12 systemctl start keepalived");
        None(seen, DiagnosisCode.VrrpLeftover);
    }

    /// <summary>A start would bring the second master back: first it must be heard.</summary>
    [Fact]
    public void Diagnose_StoppedBecauseNobodyHearsTheOther_NamesTheTestAndNotTheStart()
    {
        var found = Diagnoser.Diagnose(Sample.Fleet, On("lb2", State(100, VrrpState.Stopped)), stopped: [new("lb2", "run-7")]);

        var finding = Assert.Single(found, f => f.Code == DiagnosisCode.VrrpDown);
        Assert.Contains("run-7", finding.Message, StringComparison.Ordinal);
        Assert.Contains("tcpdump", finding.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void Diagnose_LoweredByAFailover_IsANoteWithTheWayBack()
    {
        var state = State(99, VrrpState.Backup);
        var seen = Elected.With("lb1",
            n => n with
            {
                Addresses = [],
                Keepalived = state with { Instances = [state.Instances[0] with { OriginalPriority = 150 }] },
            }).With("lb2", Carrying);
        Assert.Contains("99 instead of 150", One(seen, DiagnosisCode.VrrpLowered, Severity.Ok, "lbctl failover lb2 lb1").Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("address")]
    [InlineData("router-id")]
    [InlineData("priority")]
    public void Diagnose_ConfigurationsDoNotFit_IsAMismatch(string what)
    {
        var other = State(what == "priority" ? 150 : 100, VrrpState.Backup);
        other = what switch
        {
            "address" => other with { Instances = [] },
            "router-id" => other with { Instances = [other.Instances[0] with { RouterId = 52 }] },
            _ => other,
        };
        One(On("lb2", other), DiagnosisCode.VrrpMismatch, Severity.Warning, "ssh root@10.0.0.12 cat /etc/keepalived/keepalived.conf");
    }

    [Fact]
    public void Diagnose_NobodyCarriesIt_StartsKeepalivedInsteadOfAddingTheAddress() =>
        One(Elected.With("lb1", n => n with { Addresses = [], Keepalived = State(150, VrrpState.Backup) })
            .WithVip(v => v with { WireMacs = [], Through = Sample.Bad("no route to host") }),
            DiagnosisCode.VipUnbound, Severity.Critical, "ssh root@10.0.0.11 systemctl restart keepalived");
}
