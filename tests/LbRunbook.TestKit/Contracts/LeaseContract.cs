using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.TestKit.Contracts;

/// <summary>What every <see cref="ILeases"/> does: run on the fake and on the script that runs on the nodes.</summary>
public abstract class LeaseContract
{
    private readonly LeaseClaim _alice = SampleLease.Claim("alice");
    private readonly LeaseClaim _bob = SampleLease.Claim("bob");

    protected abstract ILeases Leases { get; }

    /// <summary>Moves the node's own clock.</summary>
    protected abstract void Pass(TimeSpan time);
    protected abstract void Reboot(string node);

    protected static Node Lb1 { get; } = SampleFleet.TwoNodes().Node("lb1");
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_Free_IsOursAndSaysSo()
    {
        var reply = await TakeAsync(_alice);

        Assert.Equal((LeaseState.Ours, _alice.Id, _alice.Holder), (reply.State, reply.Lease!.Id, reply.Lease.Holder));
        Assert.Equal((1, TimeSpan.FromSeconds(30), TimeSpan.Zero), (reply.Lease.Token, reply.Lease.ExpiresIn, reply.Lease.HeldFor));
        Assert.Null(reply.ReleasedAgo);
        Assert.NotEmpty(reply.Boot);
    }

    [Fact]
    public async Task Take_Held_TellsWhoAndUntilWhen()
    {
        await TakeAsync(_alice);
        Pass(TimeSpan.FromSeconds(12.5));

        var reply = await TakeAsync(_bob);

        Assert.Equal((LeaseState.Others, _alice.Holder), (reply.State, reply.Lease!.Holder));
        Assert.Equal((TimeSpan.FromSeconds(17.5), TimeSpan.FromSeconds(12.5)), (reply.Lease.ExpiresIn, reply.Lease.HeldFor));
    }

    [Fact]
    public async Task Take_AnotherCluster_IsFree()
    {
        await TakeAsync(_alice);
        Assert.Equal(LeaseState.Ours, (await TakeAsync(SampleLease.Claim("bob", cluster: "web-other"))).State);
    }

    [Fact]
    public async Task Take_Expired_IsTakenOverWithAHigherToken()
    {
        var first = await TakeAsync(_alice);
        Pass(TimeSpan.FromSeconds(29.99));
        Assert.Equal(LeaseState.Others, (await TakeAsync(_bob)).State);
        Pass(TimeSpan.FromMilliseconds(10));

        var reply = await TakeAsync(_bob);

        Assert.Equal(LeaseState.Ours, reply.State);
        Assert.True(reply.Lease!.Token > first.Lease!.Token);
        Assert.Equal((LeaseState.Others, _bob.Holder),
            ((await RenewAsync(_alice, first)).State, (await RenewAsync(_alice, first)).Lease!.Holder));
    }

    [Fact]
    public async Task Take_ExpiredByManyAtOnce_ExactlyOneGetsIt()
    {
        await TakeAsync(_alice);
        Pass(TimeSpan.FromSeconds(31));

        var replies = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => TakeAsync(SampleLease.Claim($"taker{i}")))));

        Assert.Single(replies, r => r.State == LeaseState.Ours);
        Assert.Equal(11, replies.Count(r => r.State == LeaseState.Others));
    }

    [Fact]
    public async Task Take_InsteadOfADeadOneByManyAtOnce_ExactlyOneGetsIt()
    {
        await TakeAsync(_alice);

        var replies = await Task.WhenAll(Enumerable.Range(0, 12)
            .Select(i => Task.Run(() => TakeAsync(SampleLease.Claim($"taker{i}"), _alice.Id))));

        Assert.Single(replies, r => r.State == LeaseState.Ours);
    }

    [Fact]
    public async Task Take_InsteadOfSomebodyElse_IsRefused()
    {
        await TakeAsync(_alice);
        Assert.Equal(LeaseState.Others, (await TakeAsync(_bob, SampleLease.Claim("carol").Id)).State);
    }

    [Fact]
    public async Task Renew_OursEvenExpired_LastsAgainAndKeepsItsToken()
    {
        var first = await TakeAsync(_alice);
        Pass(TimeSpan.FromSeconds(40));

        var reply = await RenewAsync(_alice, first);

        Assert.Equal((LeaseState.Ours, first.Lease!.Token, TimeSpan.FromSeconds(30)),
            (reply.State, reply.Lease!.Token, reply.Lease.ExpiresIn));
        Assert.Equal(LeaseState.Others, (await TakeAsync(_bob)).State);
    }

    [Fact]
    public async Task Renew_Broken_IsGoneAndStaysSo()
    {
        var first = await TakeAsync(_alice);
        var broken = await Leases.BreakAsync(Lb1, _alice.Cluster, _alice.Id, Cancellation);

        Assert.Equal((LeaseState.Free, _alice.Holder), (broken.State, broken.Lease!.Holder));
        Assert.Equal(LeaseState.Gone, (await RenewAsync(_alice, first)).State);
        Assert.Equal(LeaseState.Free, (await ReadAsync()).State);
    }

    [Fact]
    public async Task Renew_NodeWasRebooted_IsTakenAgain()
    {
        var first = await TakeAsync(_alice);
        Reboot("lb1");

        Assert.Equal(LeaseState.Free, (await ReadAsync()).State);
        Assert.Equal(LeaseState.Ours, (await RenewAsync(_alice, first)).State);
    }

    [Fact]
    public async Task Break_AnotherThanNamed_IsLeftAlone()
    {
        await TakeAsync(_bob);
        Assert.Equal(LeaseState.Others, (await Leases.BreakAsync(Lb1, _alice.Cluster, _alice.Id, Cancellation)).State);
        Assert.Equal(_bob.Holder, (await ReadAsync()).Lease!.Holder);
    }

    [Fact]
    public async Task Release_Ours_IsFreeAndTellsTheNextOne()
    {
        await TakeAsync(_alice);
        await Leases.ReleaseAsync(Lb1, _alice, Cancellation);
        Assert.Equal(LeaseState.Free, (await ReadAsync()).State);
        Pass(TimeSpan.FromSeconds(2));

        var next = await TakeAsync(_bob);

        Assert.Equal((LeaseState.Ours, 2, TimeSpan.FromSeconds(2)), (next.State, next.Lease!.Token, next.ReleasedAgo));
    }

    [Fact]
    public async Task Release_SomebodyElses_IsLeftAlone()
    {
        await TakeAsync(_bob);
        await Leases.ReleaseAsync(Lb1, _alice, Cancellation);
        Assert.Equal(LeaseState.Others, (await TakeAsync(_alice)).State);
    }

    protected Task<LeaseReply> TakeAsync(LeaseClaim claim, string? insteadOf = null) =>
        Leases.TakeAsync(Lb1, claim, insteadOf, Cancellation);

    private Task<LeaseReply> RenewAsync(LeaseClaim claim, LeaseReply taken) => Leases.RenewAsync(Lb1, claim, taken.Boot, Cancellation);

    private Task<LeaseReply> ReadAsync() => Leases.ReadAsync(Lb1, _alice.Cluster, Cancellation);
}
