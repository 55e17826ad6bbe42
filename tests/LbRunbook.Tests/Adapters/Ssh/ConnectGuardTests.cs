using System.Diagnostics;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

/// <summary>What stands between our own retries and a struggling machine.</summary>
public sealed class ConnectGuardTests
{
    private static readonly RemoteHost Host = new("lb1", "10.0.0.11", new());
    private readonly ConnectGuard _guard = new(TimeProvider.System);
    private int _connections;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TurnedAwayByABusySshd_IsTriedAgain()
    {
        Assert.True(await _guard.RunAsync(_ => ++_connections < 3 ? throw Busy() : Task.FromResult(true), Cancellation));
        Assert.Equal(3, _connections);
    }

    [Theory]
    [InlineData("Permission denied (publickey).", Reach.PermissionDenied)]
    [InlineData("Host key verification failed.", Reach.HostKeyChanged)]
    [InlineData("ssh: connect to host 10.0.0.11 port 22: Connection refused", Reach.Refused)]
    [InlineData("ssh: connect to host 10.0.0.11 port 22: No route to host", Reach.Unreachable)]
    public async Task Run_AnyOtherFailure_IsToldAtOnceAsItWas(string said, Reach reach)
    {
        var failure = SshFailure.Of(Host, "true", said);
        Assert.Same(failure, await Assert.ThrowsAsync<AdapterException>(() => FailAsync(failure)));
        Assert.Equal((1, reach), (_connections, failure.Reach));
    }

    [Fact]
    public async Task Run_StormOfRetries_ReachesTheHostAFewTimesOnly()
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(2.5))
        {
            var error = await Assert.ThrowsAsync<AdapterException>(() => FailAsync(Busy()));
            Assert.Equal(Reach.Refused, error.Reach);
            await Task.Delay(10, Cancellation);
        }
        // Five until it breaks, and one each time that a second is over.
        Assert.InRange(_connections, 6, 5 + 3);
    }

    [Fact]
    public async Task Run_RefusedLogins_BreakNothing()
    {
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<AdapterException>(() => FailAsync(SshFailure.Of(Host, "true", "Permission denied (publickey).")));
        Assert.Equal(10, _connections);
    }

    [Fact]
    public async Task Run_HostIsBack_IsUsedAgainWithinTwoSeconds()
    {
        for (var i = 0; i < 6; i++)
            await Assert.ThrowsAsync<AdapterException>(() => FailAsync(SshFailure.Of(Host, "true", "Connection refused")));
        Assert.Equal(5, _connections);
        var clock = Stopwatch.StartNew();
        while (!await TryAsync())
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(2), "still broken");
        Assert.Equal(6, _connections);
    }

    [Fact]
    public void Budget_Spent_FillsUpAgain()
    {
        var budget = new RetryBudget(TimeProvider.System, capacity: 2, TimeSpan.FromMilliseconds(300));
        Assert.True(budget.TryTake() && budget.TryTake());
        Assert.False(budget.TryTake());
        Assert.True(SpinWait.SpinUntil(budget.TryTake, TimeSpan.FromSeconds(5)));
        Assert.False(budget.TryTake());
    }

    private static AdapterException Busy() => SshFailure.Of(Host, "true", "kex_exchange_identification: Connection closed by remote host");

    private Task<bool> FailAsync(AdapterException failure) => _guard.RunAsync<bool>(_ =>
    {
        _connections++;
        throw failure;
    }, Cancellation);

    private async Task<bool> TryAsync()
    {
        try
        {
            return await _guard.RunAsync(_ =>
            {
                _connections++;
                return Task.FromResult(true);
            }, Cancellation);
        }
        catch (AdapterException)
        {
            await Task.Delay(20, Cancellation);
            return false;
        }
    }
}
