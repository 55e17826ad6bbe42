using System.Runtime.InteropServices;
using LbRunbook.Cli;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using Xunit;

namespace LbRunbook.Tests.Cli;

public sealed class SignalsTests
{
    private readonly List<int> _left = [];
    private readonly List<string> _said = [];

    [Theory]
    [InlineData(PosixSignal.SIGHUP, 130)]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGQUIT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public void Signal_AnyThatAsks_CancelsTheVerbAndTheThirdLeaves(PosixSignal signal, int code)
    {
        using var signals = Signals.None(_left.Add);
        signals.Raise(signal);
        Assert.True(signals.Token.IsCancellationRequested);
        signals.Raise(signal);
        Assert.Empty(_left);
        signals.Raise(signal);
        Assert.Equal([code], _left);
    }

    [Fact]
    public void Signal_DuringARun_FirstStopsItSecondLeavesWithTheWayOn()
    {
        using var signals = Signals.None(_left.Add);
        using (var run = new Interrupts(signals) { Say = _said.Add })
        {
            using var middle = run.InTheMiddle("lbctl resume it");
            signals.Raise(PosixSignal.SIGHUP);
            Assert.True(run.Token.IsCancellationRequested);
            Assert.Equal((130, 1), (run.ExitCode, _said.Count));
            Assert.Empty(_left);
            signals.Raise(PosixSignal.SIGTERM);
            Assert.Equal([143], _left);
            Assert.Equal("lbctl resume it", _said[1]);
        }
        signals.Raise(PosixSignal.SIGINT);
        Assert.Equal(2, _said.Count);
    }

    [Fact]
    public async Task Signal_WhoIsToldHangs_StopsAndLeavesAllTheSame()
    {
        using var dead = new SemaphoreSlim(0);
        using var signals = Signals.None(_left.Add);
        using var run = new Interrupts(signals) { Say = _ => dead.Wait() };
        try
        {
            foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
                await Task.Run(() => signals.Raise(signal), TestContext.Current.CancellationToken)
                    .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            Assert.True(run.Token.IsCancellationRequested);
            Assert.Equal([143], _left);
        }
        finally
        {
            dead.Release(2);
        }
    }
}
