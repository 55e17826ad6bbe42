using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Failover;

/// <summary>What somebody else owns is not moved by hand, and what nobody named is not left behind in front of a stopped proxy.</summary>
public sealed class OwnerGuardsTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes());

    private static AddressOwner Pacemaker(bool known, params string[] addresses) =>
        new("pacemaker", "process 812", addresses, known, addresses.ToDictionary(a => a, _ => "web-vip"));

    [Theory]
    [InlineData("lb1")]
    [InlineData("lb2")]
    public void Build_PacemakerHasTheAddress_RefusesWithItsCommand(string node)
    {
        _lab.World[node].Owners = [Pacemaker(known: true, $"{_lab.Fleet.Vips[0].Address}")];

        var refusal = Assert.Single(_lab.Plan().Refusals);

        Assert.Equal(("address-owner", "--accept-other-owner"), (refusal.Guard, refusal.Override));
        Assert.Contains($"pacemaker on {node} (process 812) has ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("crm resource move web-vip lb2", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_PacemakerOnBoth_IsSaidOnce()
    {
        foreach (var node in _lab.World.Nodes)
            node.Owners = [Pacemaker(known: false)];

        Assert.Contains("what it owns is not known", Assert.Single(_lab.Plan().Refusals).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_PacemakerHasOnlyOtherAddresses_IsNobodysBusiness()
    {
        _lab.World["lb1"].Owners = [Pacemaker(known: true, "192.0.2.7")];

        Assert.Empty(_lab.Plan().Refusals);
    }

    [Fact]
    public void Build_OtherOwnerAccepted_MovesAndTheJournalSaysSo()
    {
        _lab.World["lb1"].Owners = [Pacemaker(known: false)];

        var plan = _lab.Plan(_lab.Request() with { AcceptOtherOwner = true }).Plan!;

        Assert.Equal("other owner", plan.Subjects["accepted"]);
    }

    [Fact]
    public void Build_KeepalivedRunsAndNoInstanceExplainsTheAddress_IsNotKnown()
    {
        _lab.World["lb1"].Keepalived = new() { Runs = true };

        var refusal = Assert.Single(_lab.Plan().Refusals);

        Assert.Equal(("address-owner", "--accept-other-owner"), (refusal.Guard, refusal.Override));
    }

    [Theory]
    [InlineData("10.0.0.101", 32, "failover", true, "address-undeclared")]
    [InlineData("fd00::101", 128, "failover", true, "address-undeclared")]
    [InlineData("10.0.0.101", 32, "drain", false, "address-undeclared")]
    [InlineData("10.0.0.101", 32, "failover", false, null)]
    [InlineData("10.9.0.11", 24, "failover", true, null)]
    public void Build_SourceCarriesAnAddressThatNobodyNamed_IsNotLeftBehindUnserved(
        string address, int prefix, string verb, bool stop, string? guard)
    {
        _lab.World["lb1"].Addresses.Add(new("eth0", address, prefix));

        Assert.Equal(guard, _lab.Plan(_lab.Request() with { Verb = verb, StopProxy = stop }).Refusals.SingleOrDefault()?.Guard);
    }

    [Theory]
    // Kubernetes, tunnels, leases and what is for the link alone.
    [InlineData("kube-ipvs0", "10.96.0.1", 32, false, true)]
    [InlineData("wg0", "10.7.0.1", 32, false, true)]
    [InlineData("eth0", "10.0.0.77", 32, true, true)]
    [InlineData("eth0", "10.0.0.77", 32, false, false)]
    [InlineData("lo", "10.0.0.77", 32, false, true)]
    public void Undeclared_AddressesOfTheMachineItself_AreNone(string card, string address, int prefix, bool dynamic, bool global)
    {
        _lab.World["lb1"].Addresses.Add(new(card, address, prefix, Dynamic: dynamic, Global: global));

        Assert.Empty(UndeclaredAddresses.Of(_lab.Fleet, _lab.Observe().Node("lb1")));
    }
}
