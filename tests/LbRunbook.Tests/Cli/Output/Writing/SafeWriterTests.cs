using LbRunbook.Cli.Output;
using LbRunbook.Cli.Output.Writing;
using LbRunbook.Core.Plans;
using Xunit;

namespace LbRunbook.Tests.Cli.Output.Writing;

/// <summary>Who writes neither fails nor waits; what was lost is known.</summary>
public sealed class SafeWriterTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [Fact]
    public void Write_FullDisk_IsRememberedWithItsReasonAndText()
    {
        var streams = Streams.Guarded(new BrokenWriter { Room = 4 }, new StringWriter(), TextReader.Null);
        streams.Out.WriteLine("one");
        streams.Drain(Long);
        Assert.Null(streams.OutLoss);
        streams.Out.WriteLine("two");
        streams.Out.Write(['t', 'h', 'r', 'e', 'e']);
        streams.Drain(Long);
        Assert.Equal(("No space left on device", false, "two\nthree"),
            (streams.OutLoss!.Reason, streams.OutLoss.ReaderGone, streams.OutLoss.Text));
        Assert.Null(streams.ErrorLoss);
    }

    [Fact]
    public void Write_DiskHasRoomAgain_GoesThrough()
    {
        var disk = new BrokenWriter();
        var streams = Streams.Guarded(disk, TextWriter.Null, TextReader.Null);
        streams.Out.WriteLine("lost");
        streams.Drain(Long);
        disk.Room = 100;
        streams.Out.WriteLine("the outcome");
        streams.Drain(Long);
        Assert.Equal("the outcome\n", disk.ToString());
        Assert.Equal("lost\n", streams.OutLoss!.Text);
    }

    [Fact]
    public void Write_ReaderGone_IsToldFromAFullDisk()
    {
        var streams = Streams.Guarded(new BrokenWriter(BrokenWriter.BrokenPipe), TextWriter.Null, TextReader.Null);
        streams.Out.WriteLine("x");
        streams.Drain(Long);
        Assert.True(streams.OutLoss!.ReaderGone);
    }

    [Fact]
    public void Write_FrameOfAnAnimation_IsNothingToTellLater()
    {
        var streams = Streams.Guarded(TextWriter.Null, new BrokenWriter(), TextReader.Null);
        streams.Error.Write("\r\e[2K⠋ waiting (0.1 s of 30s)");
        streams.Drain(Long);
        Assert.Equal("", streams.ErrorLoss!.Text);
    }

    [Fact]
    public void Write_MoreLostThanAnybodyReads_KeepsTheEndByLines()
    {
        var streams = Streams.Guarded(new BrokenWriter(), TextWriter.Null, TextReader.Null);
        for (var i = 0; i < 5000; i++)
            streams.Out.WriteLine($"line {i}");
        streams.Drain(Long);
        var lines = streams.OutLoss!.Text.TrimEnd('\n').Split('\n');
        Assert.InRange(streams.OutLoss.Text.Length, 15_000, 16 * 1024);
        Assert.Equal("line 4999", lines[^1]);
        Assert.Equal($"line {5000 - lines.Length}", lines[0]);
    }

    [Fact]
    public async Task Write_StoppedTerminal_DoesNotWait()
    {
        using var terminal = new StoppedWriter();
        var streams = Streams.Guarded(TextWriter.Null, terminal, TextReader.Null);
        await Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                streams.Error.WriteLine($"step {i}");
        }, TestContext.Current.CancellationToken).WaitAsync(Long, TestContext.Current.CancellationToken);
        streams.Drain(TimeSpan.FromMilliseconds(50));
        Assert.Equal("", terminal.ToString());
        Assert.True(streams.Error is SafeWriter { Behind: true });
        terminal.Continue();
        streams.Drain(Long);
        Assert.EndsWith("step 99\n", terminal.ToString());
    }

    [Fact]
    public void Write_BothStreamsOfOneTerminal_StandInTheOrderInWhichTheyWereWritten()
    {
        var terminal = new StringWriter();
        var streams = Streams.Guarded(terminal, terminal, TextReader.Null);
        for (var i = 0; i < 200; i++)
            (i % 3 == 0 ? streams.Out : streams.Error).WriteLine(i);
        streams.Drain(Long);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), terminal.ToString().TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public void ReadLine_TerminalGone_IsTheEnd()
    {
        Assert.Null(new SafeReader(() => throw new IOException("Input/output error", 5)).ReadLine());
        Assert.Equal(-1, new SafeReader(() => throw new IOException("Input/output error", 5)).Read());
        Assert.Equal("yes", new SafeReader(() => new StringReader("yes\n")).ReadLine());
    }
}
