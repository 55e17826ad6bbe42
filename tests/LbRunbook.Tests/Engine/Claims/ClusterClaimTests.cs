using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Claims;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Engine.Claims;

/// <summary>Who gets the lease, what a run may still do with it, and what becomes of it.</summary>
public sealed class ClusterClaimTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly Fleet _fleet = SampleFleet.TwoNodes();
    private readonly FakeLeases _leases = new();
    private readonly List<string> _said = [];

    [Fact]
    public async Task Take_BothNodesFree_HoldsBothAndGivesThemBack()
    {
        var alice = SampleLease.Claim("alice");
        await using (var claim = Start(alice))
        {
            var taken = await SettledAsync(claim);
            Assert.Equal(["lb1", "lb2"], taken.Held.Keys.Order());
            Assert.Equal((alice.Id, alice.Id), (_leases.IdOn("lb1", "web-test"), _leases.IdOn("lb2", "web-test")));
            Assert.Empty(claim.Warnings());
            Assert.Equal(["lb1", "lb2"], claim.Fence!.Nodes.Order());
        }
        Assert.Equal((null, null), (_leases.IdOn("lb1", "web-test"), _leases.IdOn("lb2", "web-test")));
    }

    [Fact]
    public async Task Take_SomebodyHasIt_NamesThemAndTakesNothing()
    {
        await using var first = Start(SampleLease.Claim("alice"));
        await SettledAsync(first);
        await using (var second = Start(SampleLease.Claim("bob")))
            Assert.Equal("alice", (await SettledAsync(second)).LostTo!.Holder!.User);
        Assert.NotNull(_leases.IdOn("lb1", "web-test"));
    }

    /// <summary>Each has one node before either asks for the next: without an order nobody, or both, would win.</summary>
    [Fact]
    public async Task Take_SomebodyHasOnlyTheSecondNode_GivesTheFirstOneBack()
    {
        await _leases.TakeAsync(_fleet.Node("lb2"), SampleLease.Claim("alice"), null, TestContext.Current.CancellationToken);
        await using (var second = Start(SampleLease.Claim("bob")))
            Assert.Equal("lb2", (await SettledAsync(second)).LostTo!.Where);
        Assert.Null(_leases.IdOn("lb1", "web-test"));
    }

    [Fact]
    public async Task Take_TwentyAtOnceInAnyOrder_ExactlyOneWins()
    {
        for (var round = 0; round < 50; round++)
        {
            var leases = new FakeLeases();
            var claims = await Task.WhenAll(Enumerable.Range(0, 20)
                .Select(i => Task.Run(() => Start(SampleLease.Claim($"op{i}"), leases))));
            var taken = await Task.WhenAll(claims.Select(SettledAsync));
            Assert.Single(taken, t => t.LostTo is null && t.Held.Count == 2);
            Assert.Equal(19, taken.Count(t => t.LostTo is not null));
            foreach (var claim in claims)
                await claim.DisposeAsync();
        }
    }

    [Fact]
    public async Task Take_NodeIsSilentAndTheLookSaysSo_IsNotWaitedForAndSaysHowManyKeepIt()
    {
        _leases.Silent.Add("lb1");
        await using var claim = Start(SampleLease.Claim("alice"));
        Assert.False(claim.Taking.IsCompleted);

        var taken = await claim.SettleAsync(Look(Reach.Unreachable)).WaitAsync(Soon, TestContext.Current.CancellationToken);

        Assert.Equal(["lb2"], taken.Held.Keys);
        Assert.Equal("the lease is held on 1 of 2 nodes (lb2; lb1: not reachable): who reaches only the others is not kept out",
            Assert.Single(claim.Warnings()));
    }

    /// <summary>Else two operators with one failed login each could win, each with the other node.</summary>
    [Fact]
    public async Task Take_LoginFailsByChance_IsTriedAgain()
    {
        var calls = 0;
        _leases.Refusing.Add("lb1");
        _leases.OnCall = call =>
        {
            if (call == "take lb1" && ++calls == 2)
                _leases.Refusing.Clear();
        };
        await using var claim = Start(SampleLease.Claim("alice"));
        Assert.Equal(["lb1", "lb2"],
            (await claim.SettleAsync(Look(Reach.Ok)).WaitAsync(Soon, TestContext.Current.CancellationToken)).Held.Keys.Order());
    }

    [Fact]
    public async Task Take_LookCouldNotLogInEither_IsNotTriedAgain()
    {
        var calls = 0;
        _leases.Refusing.Add("lb1");
        _leases.OnCall = call => calls += call == "take lb1" ? 1 : 0;
        await using var claim = Start(SampleLease.Claim("alice"));
        await claim.SettleAsync(Look(Reach.Refused)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Take_LaterLookReachesTheSilentNode_IsTakenThereOrLost()
    {
        _leases.Silent.Add("lb1");
        await using var alice = Start(SampleLease.Claim("alice"));
        await alice.SettleAsync(Look(Reach.Unreachable)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        _leases.Silent.Clear();
        Assert.Equal(["lb1", "lb2"], (await alice.CompleteAsync(Look(Reach.Ok))).Held.Keys.Order());
        Assert.Empty(alice.Warnings());
        await alice.ReleaseAsync();

        _leases.Silent.Add("lb1");
        await using var bob = Start(SampleLease.Claim("bob"));
        await bob.SettleAsync(Look(Reach.Unreachable)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        _leases.Silent.Clear();
        await _leases.TakeAsync(_fleet.Node("lb1"), SampleLease.Claim("carol"), null, TestContext.Current.CancellationToken);
        Assert.Equal("carol", (await bob.CompleteAsync(Look(Reach.Ok))).LostTo!.Holder!.User);
    }

    /// <summary>One has lb2 and comes late to lb1, where another has just learned that lb2 is gone: one of the two must win.</summary>
    [Fact]
    public async Task Take_OutOfOrderWhileTheOtherGivesUp_Wins()
    {
        _leases.Silent.Add("lb1");
        await using var alice = Start(SampleLease.Claim("alice"));
        await alice.SettleAsync(Look(Reach.Unreachable)).WaitAsync(Soon, TestContext.Current.CancellationToken);
        _leases.Silent.Clear();
        var bob = SampleLease.Claim("bob");
        await _leases.TakeAsync(_fleet.Node("lb1"), bob, null, TestContext.Current.CancellationToken);

        var completing = alice.CompleteAsync(Look(Reach.Ok));
        Assert.False(completing.IsCompleted);
        await _leases.ReleaseAsync(_fleet.Node("lb1"), bob, TestContext.Current.CancellationToken);

        Assert.Equal((null, 2), ((await completing).LostTo, (await completing).Held.Count));
    }

    [Fact]
    public async Task Take_NodeIsFull_GoesOnWithTheOther()
    {
        _leases.Full.Add("lb1");
        await using var claim = Start(SampleLease.Claim("alice"));
        Assert.Equal(["lb2"], (await SettledAsync(claim)).Held.Keys);
        Assert.Contains("No space left on device", Assert.Single(claim.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_NoNodeCanKeepIt_DoesNotStopAnEmergency()
    {
        _leases.Full.Add("lb1");
        _leases.Refusing.Add("lb2");
        await using var claim = Start(SampleLease.Claim("alice"));
        Assert.Null((await SettledAsync(claim)).LostTo);
        Assert.Null(await claim.WhyNotAsync(TestContext.Current.CancellationToken));
        Assert.Null(claim.Fence);
        Assert.StartsWith("no node keeps the lease", Assert.Single(claim.Warnings()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_HolderIsProvenDead_IsTakenOverAtOnce()
    {
        var dead = SampleLease.Claim("alice");
        foreach (var node in _fleet.Nodes)
            await _leases.TakeAsync(node, dead, null, TestContext.Current.CancellationToken);
        await using var claim = Start(SampleLease.Claim("bob"), isGone: h => h.User == "alice");
        Assert.Equal(2, (await SettledAsync(claim)).Held.Count);
    }

    [Fact]
    public async Task Take_SomebodyGaveItBackMeanwhile_SaysThatTheLookMayBeOld()
    {
        var other = SampleLease.Claim("alice");
        await _leases.TakeAsync(_fleet.Node("lb1"), other, null, TestContext.Current.CancellationToken);
        await _leases.ReleaseAsync(_fleet.Node("lb1"), other, TestContext.Current.CancellationToken);
        await using var claim = Start(SampleLease.Claim("bob"));
        Assert.True((await SettledAsync(claim)).ChangedHands);

        await claim.ReleaseAsync();
        _leases.Now += TimeSpan.FromMinutes(1);
        await using var later = Start(SampleLease.Claim("bob"));
        Assert.False((await SettledAsync(later)).ChangedHands);
    }

    [Fact]
    public async Task Renewal_SomebodyTookItOver_IsLostForGood()
    {
        await using var claim = Start(SampleLease.Claim("alice", seconds: 0.3));
        await SettledAsync(claim);
        Assert.Null(await claim.WhyNotAsync(TestContext.Current.CancellationToken));
        _leases.Now += TimeSpan.FromSeconds(1);
        await _leases.TakeAsync(_fleet.Node("lb2"), SampleLease.Claim("bob"), null, TestContext.Current.CancellationToken);

        await UntilAsync(() => claim.IsLost);

        Assert.Contains("taken over by bob@", await claim.WhyNotAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(_said);
    }

    [Fact]
    public async Task Renewal_TakenAway_IsLost()
    {
        var alice = SampleLease.Claim("alice", seconds: 0.3);
        await using var claim = Start(alice);
        await SettledAsync(claim);
        await _leases.BreakAsync(_fleet.Node("lb1"), "web-test", alice.Id, TestContext.Current.CancellationToken);
        await UntilAsync(() => claim.IsLost);
        Assert.Contains("taken away on lb1", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewal_NoNodeAnswersForTheWholeTimeToLive_MayChangeNothingMore()
    {
        await using var claim = Start(SampleLease.Claim("alice", seconds: 0.3));
        await SettledAsync(claim);
        _leases.Refusing.UnionWith(["lb1", "lb2"]);
        string? why = null;
        await UntilAsync(() => (why = claim.WhyNotAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult()) is not null);
        Assert.Contains("could not be renewed", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewal_OneOfTwoNodesDies_GoesOn()
    {
        await using var claim = Start(SampleLease.Claim("alice", seconds: 0.3));
        await SettledAsync(claim);
        _leases.Refusing.Add("lb1");
        var renewals = 0;
        _leases.OnCall = call => renewals += call == "renew lb2" ? 1 : 0;
        await UntilAsync(() => renewals >= 5);
        Assert.Null(await claim.WhyNotAsync(TestContext.Current.CancellationToken));
    }

    private ClusterClaim Start(LeaseClaim claim, FakeLeases? leases = null, Func<LeaseHolder, bool>? isGone = null) =>
        ClusterClaim.Start(_fleet, leases ?? _leases, claim, isGone ?? (_ => false), TimeProvider.System, _said.Add);

    private static Task<LeaseTaken> SettledAsync(ClusterClaim claim) =>
        claim.SettleAsync(null).WaitAsync(Soon, TestContext.Current.CancellationToken);

    private Observation Look(Reach lb1) => new()
    {
        TakenAt = DateTimeOffset.UnixEpoch,
        Took = TimeSpan.Zero,
        Nodes = [.. _fleet.Nodes.Select(n => new NodeObservation { Node = n.Name, Reach = n.Name == "lb1" ? lb1 : Reach.Ok })],
        Vips = [],
    };

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow + Soon; !condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
            Assert.True(DateTime.UtcNow < end, "it did not come about");
    }
}
