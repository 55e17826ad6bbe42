using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Claims;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Claims;

/// <summary>Who is named to the operator that came second.</summary>
public sealed class SettledHolderTests
{
    private static readonly LeaseClaim Alice = SampleLease.Claim("alice");
    private static readonly LeaseClaim Carol = SampleLease.Claim("carol");

    private readonly Fleet _fleet = SampleFleet.TwoNodes();
    private readonly FakeLeases _leases = new();

    [Fact]
    public async Task GiveWay_TheOneThatWasMetGivesUpItself_NamesTheOneThatGetsAll()
    {
        await TakeAsync("lb1", Alice);
        await TakeAsync("lb2", Carol);
        var reads = 0;
        _leases.OnCall = call =>
        {
            // Carol comes to lb1, finds Alice there, and lets go of lb2, which Alice then gets.
            if (call == "read lb2" && ++reads == 3)
            {
                _leases.OnCall = null;
                _leases.ReleaseAsync(_fleet.Node("lb2"), Carol, default).GetAwaiter().GetResult();
                TakeAsync("lb2", Alice).GetAwaiter().GetResult();
            }
        };
        Assert.Equal("alice", await NamedAsync(Met("lb2", "carol")));
    }

    /// <summary>While it still holds a node itself, no two can agree.</summary>
    [Fact]
    public async Task GiveWay_HasANodeItself_GivesItBackBeforeItAsks()
    {
        await TakeAsync("lb2", Alice);
        await using var bob = ClusterClaim.Start(_fleet, _leases, SampleLease.Claim("bob"), _ => false, TimeProvider.System, _ => { });
        var met = (await bob.SettleAsync(null)).LostTo!;
        _leases.OnCall = call =>
        {
            if (call != "read lb1")
                return;
            _leases.OnCall = null;
            Assert.Null(_leases.IdOn("lb1", "web-test"));
            TakeAsync("lb1", Alice).GetAwaiter().GetResult();
        };
        Assert.Equal("alice", (await bob.GiveWayAsync(met, TestContext.Current.CancellationToken)).Holder!.User);
    }

    [Fact]
    public async Task GiveWay_NobodyHasItAnyMore_NamesTheOneThatWasMet() => Assert.Equal("carol", await NamedAsync(Met("lb2", "carol")));

    [Fact]
    public async Task GiveWay_ANodeCannotBeAsked_LeavesItOut()
    {
        _leases.Refusing.Add("lb1");
        await TakeAsync("lb2", Alice);
        Assert.Equal("alice", await NamedAsync(Met("lb2", "carol")));
    }

    [Fact]
    public async Task GiveWay_Interrupted_NamesTheOneThatHasTheFirstNode()
    {
        await TakeAsync("lb1", Alice);
        await TakeAsync("lb2", Carol);
        using var signal = new CancellationTokenSource();
        _leases.OnCall = call =>
        {
            if (call == "read lb2")
                signal.CancelAfter(20);
        };
        Assert.Equal("alice", await NamedAsync(Met("lb2", "carol"), signal.Token));
    }

    private Task<LeaseReply> TakeAsync(string node, LeaseClaim claim) => _leases.TakeAsync(_fleet.Node(node), claim, null, default);

    private static LockInfo Met(string node, string who) => new(node, SampleLease.Holder(who));

    private async Task<string?> NamedAsync(LockInfo met, CancellationToken? cancellation = null) =>
        (await new SettledHolder(_fleet, _leases, TimeProvider.System).OfAsync(met,
            cancellation ?? TestContext.Current.CancellationToken)).Holder?.User;
}
