using System.Runtime.InteropServices;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Tests.Cli.Output.Writing;
using Xunit;

namespace LbRunbook.Tests.Cli.Runs;

/// <summary>A run whose words nobody gets to read goes on, ends with what it did, and says so where it still can.</summary>
public sealed class UnwritableRunTests : IDisposable
{
    private readonly SessionLab _lab = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(true, 300)]
    public async Task Failover_StdoutFull_IsDoneAndToldOnStderr(bool json, int room)
    {
        Assert.Equal(0, await RunAsync(new BrokenWriter { Room = room }, _error, json));
        _lab.ExpectHolder("lb2");
        Assert.Contains("lbctl: stdout could not be written (No space left on device); it was to say:\n", _error.ToString());
        Assert.Contains("lbctl undo run", _error.ToString());
        Assert.DoesNotContain("   at ", _error.ToString());
        Assert.Equal(RunResult.Done, _lab.Journaled.Outcome!.Result);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public async Task Failover_StderrFull_IsDoneAndToldOnStdout(int room)
    {
        Assert.Equal(0, await RunAsync(_output, new BrokenWriter { Room = room }, json: false));
        _lab.ExpectHolder("lb2");
        Assert.Contains("Note: stderr could not be written (No space left on device): lbctl history run has every step\n",
            _output.ToString());
        Assert.Contains("lb2 holds 10.0.0.100/32", _output.ToString());
        Assert.Contains(_lab.Journaled.Outcome!.Notes, n => n.StartsWith("stderr could not be written", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failover_ReaderGone_IsToldAsWell()
    {
        Assert.Equal(0, await RunAsync(new BrokenWriter(BrokenWriter.BrokenPipe), _error, json: false));
        Assert.Contains("lbctl: stdout could not be written (Broken pipe); it was to say:\nAfter:", _error.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_NothingCanBeWritten_IsDoneAndJournaled(bool json)
    {
        Assert.Equal(0, await RunAsync(new BrokenWriter(), new BrokenWriter(), json));
        _lab.ExpectHolder("lb2");
        Assert.Equal(RunResult.Done, _lab.Journaled.Outcome!.Result);
    }

    [Fact]
    public async Task Failover_TerminalStopped_DoesNotHoldItUp()
    {
        using var terminal = new StoppedWriter();
        var run = Task.Run(() => RunAsync(_output, terminal, json: false), TestContext.Current.CancellationToken);
        await WaitAsync(() =>
            _lab.Lab.World.HoldersOf("public") is ["lb2"] && File.Exists(_lab.State.RunFile("run")) && _lab.Journaled.Outcome is not null);
        Assert.False(run.IsCompleted);
        terminal.Continue();
        Assert.Equal(0, await run);
    }

    [Fact]
    public async Task Failover_JournalCannotBeWritten_IsDoneAndSaysSoAtTheEnd()
    {
        await File.WriteAllTextAsync(_lab.State.Runs, "no directory", TestContext.Current.CancellationToken);
        Assert.Equal(0, await RunAsync(_output, new BrokenWriter(), json: false));
        _lab.ExpectHolder("lb2");
        Assert.Contains("Note: the journal could not be written (", _output.ToString());
    }

    /// <summary>The terminal is closed between "add" and "remove", and takes stderr with it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_HangUpBetweenTwoHolders_FinishesThisMove(bool json)
    {
        var terminal = new BrokenWriter { Room = int.MaxValue };
        _lab.Lab.World.Faults.OnCall = call =>
        {
            if (call.Operation != "vip.announce" || _lab.Lab.World.HoldersOf("public").Count != 2)
                return;
            terminal.Room = 0;
            _lab.Signals.Raise(PosixSignal.SIGHUP);
        };
        Assert.Equal(4, await RunAsync(json ? terminal : _output, terminal, json));
        _lab.ExpectHolder("lb2");
        Assert.Equal(RunResult.Partial, _lab.Journaled.Outcome!.Result);
    }

    private Task<int> RunAsync(TextWriter output, TextWriter error, bool json) =>
        _lab.RunAsync(Streams.Guarded(output, error, TextReader.Null), json);

    private static async Task WaitAsync(Func<bool> condition)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(20); !condition(); await Task.Delay(10, TestContext.Current.CancellationToken))
            Assert.True(DateTime.UtcNow < deadline, "not within 20 s");
    }
}
