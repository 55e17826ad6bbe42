using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.TestKit.Contracts;

/// <summary>What every <see cref="IPoliteClosing"/> does on a HAProxy with a close map: run on the fake and on the real one.</summary>
public abstract class PoliteClosingContract
{
    protected abstract IPoliteClosing Closing { get; }

    /// <summary>Stops the proxy's service, or starts it again.</summary>
    protected abstract Task RunAsync(bool run);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Set_OnTwiceAndOff_IsAsLastSaid()
    {
        Assert.Equal(new(HasMap: true, Closing: false), await Closing.ReadAsync(Cancellation));
        await Closing.SetAsync(true, Cancellation);
        await Closing.SetAsync(true, Cancellation);
        Assert.True((await Closing.ReadAsync(Cancellation)).Closing);
        await Closing.SetAsync(false, Cancellation);
        Assert.Equal(new(HasMap: true, Closing: false), await Closing.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task ReadAndSet_ProxyIsStopped_FailAndAreNotCalledOff()
    {
        await RunAsync(false);
        try
        {
            await Assert.ThrowsAsync<AdapterException>(() => Closing.ReadAsync(Cancellation));
            await Assert.ThrowsAsync<AdapterException>(() => Closing.SetAsync(true, Cancellation));
        }
        finally
        {
            await RunAsync(true);
        }
    }

    [Fact]
    public async Task Set_ProxyRestarted_IsOffAgain()
    {
        await Closing.SetAsync(true, Cancellation);
        await RunAsync(false);
        await RunAsync(true);
        Assert.Equal(new(HasMap: true, Closing: false), await Closing.ReadAsync(Cancellation));
    }
}
