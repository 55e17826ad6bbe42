using LbRunbook.Core.Ports;
using Xunit;
using static LbRunbook.SystemTests.Haproxy.HaproxyDaemon;

namespace LbRunbook.SystemTests.Haproxy;

/// <summary>New workers, where there is no close map to ask clients with.</summary>
public sealed class HaproxyRenewalTests
{
    [Fact]
    public async Task Look_NothingWasSetAtRunTime_CanBeRenewedAlthoughNothingWouldBeKept()
    {
        await using var daemon = await StartAsync();

        Assert.Equal(new WorkerRenewal(null, Keeps: false, Spread: null),
            await daemon.Balancer.Closing.LookAtRenewalAsync(Cancellation));
    }

    [Theory]
    [InlineData("set server web_backend/web1 state drain", "web_backend/web1")]
    [InlineData("set server web_backend/web2 state maint", "web_backend/web2")]
    [InlineData("set server web_backend/off state ready", "web_backend/off")]
    [InlineData("set server web_backend/spare weight 50", "web_backend/spare")]
    public async Task Look_SetAtRunTimeAndNoStateFile_SaysWhatWouldBeForgotten(string command, string server)
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync(command);

        var renewal = await daemon.Balancer.Closing.LookAtRenewalAsync(Cancellation);

        Assert.Contains($"would forget what was set at run time ({server}): ", renewal.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Look_SpreadTime_IsTold()
    {
        await using var daemon = await StartAsync();
        await File.WriteAllTextAsync(daemon.ConfigPath,
            (await File.ReadAllTextAsync(daemon.ConfigPath, Cancellation))
                .Replace("global\n", "global\n    close-spread-time 5s\n", StringComparison.Ordinal), Cancellation);

        Assert.Equal("5s", (await daemon.Balancer.Closing.LookAtRenewalAsync(Cancellation)).Spread);
    }

    [Fact]
    public async Task Look_NoMasterSocket_CannotBeRenewed()
    {
        await using var daemon = await StartAsync();
        var node = daemon.Node with { Haproxy = daemon.Node.Haproxy with { MasterSocket = null } };

        Assert.Equal("no master socket is configured", (await daemon.At(node).Closing.LookAtRenewalAsync(Cancellation)).WhyNot);
    }

    [Fact]
    public async Task Renew_Master_HasANewWorkerWhenItReturns()
    {
        await using var daemon = await StartAsync();
        var before = (await daemon.ReadAsync()).Pid;

        await daemon.Balancer.Closing.RenewWorkersAsync(Cancellation);

        Assert.NotEqual(before, (await daemon.UntilAsync(s => s.Answers && s.OldWorkers.Count == 0)).Pid);
    }

    [Fact]
    public async Task Renew_ConfigurationIsBroken_SaysWhyAndTheWorkerStays()
    {
        await using var daemon = await StartAsync();
        var before = (await daemon.ReadAsync()).Pid;
        await File.AppendAllTextAsync(daemon.ConfigPath, "    no-such-keyword\n", Cancellation);

        var error = await Assert.ThrowsAsync<AdapterException>(() => daemon.Balancer.Closing.RenewWorkersAsync(Cancellation));

        Assert.Contains("was not reloaded", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-keyword", error.Message, StringComparison.Ordinal);
        var after = await daemon.ReadAsync();
        Assert.Equal((before, 0), (after.Pid, after.Notes.Count));
    }
}
