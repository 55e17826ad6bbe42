using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Faults;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// The binary, its streams as a shell gives them: a failover whose words cannot be written is a failover. One of each kind; every step of
/// it: tests/bench/streams.sh.
/// </summary>
[Collection(SharedLab.Name)]
public sealed class UnwritableTests(LabFixture lab)
{
    [Theory]
    [InlineData("human", ">/dev/full", "stdout could not be written (No space left on device)")]
    [InlineData("json", "2>&1 >/dev/full", "stdout could not be written (No space left on device)")]
    [InlineData("human", "2>/dev/full", "stderr could not be written (No space left on device)")]
    [InlineData("human", ">&-", "stdout could not be written (Bad file descriptor)")]
    public async Task Failover_StreamCannotBeWritten_IsDoneAndSaidOnTheOther(string format, string redirection, string says)
    {
        using var op = await Operator.AtAsync(lab);
        var done = await op.RedirectedAsync(redirection, "failover", "lb1", "lb2", "--output", format);
        await ExpectDoneAsync(op, done, redirection);
        Assert.Contains(says, done.Output + done.Error, StringComparison.Ordinal);
        Assert.Contains($"lbctl --lab={op.Lab} undo ", done.Output + done.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(">/dev/full 2>/dev/full")]
    [InlineData("<&- >&- 2>&-")]
    [InlineData("2>&1 | head -n 3")]
    public async Task Failover_NothingCanBeWritten_IsDoneAndJournaled(string redirection)
    {
        using var op = await Operator.AtAsync(lab);
        await ExpectDoneAsync(op, await op.RedirectedAsync(redirection, "failover", "lb1", "lb2"), redirection);
    }

    [Fact]
    public async Task Failover_DiskFillsInTheMiddle_IsDone()
    {
        using var op = await Operator.AtAsync(lab);
        using var folder = new TemporaryFolder();
        await using var disk = await FullDisk.MountAsync(folder["disk"], pages: 1);
        // The last page is begun: what the run says needs more than is left of it. The log does not even get one.
        await File.WriteAllTextAsync($"{disk.Path}/err", new string('-', 2500), TestContext.Current.CancellationToken);
        op.Variables["LBCTL_LOG"] = $"{disk.Path}/log";
        var done = await op.RedirectedAsync($"2>>'{disk.Path}/err'", "failover", "lb1", "lb2");
        await ExpectDoneAsync(op, done, "a disk that fills");
        Assert.Contains("Note: stderr could not be written (No space left on device)", done.Output, StringComparison.Ordinal);
        Assert.Contains("Note: the log could not be written (", done.Output, StringComparison.Ordinal);
        Assert.Contains("Plan: move public", await File.ReadAllTextAsync($"{disk.Path}/err", TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assess_KilledBetweenTwoHolders_SaysWhatEndsIt()
    {
        using var op = await Operator.AtAsync(lab);
        using var run = op.Start("failover", "lb1", "lb2");
        var add = (await run.ReadUntilAsync("plan"))["steps"]!.AsArray().Select(s => (string?)s!["uses"]).ToList().IndexOf("vip.add");
        await run.ReadUntilAsync("stepFinished", add);
        run.Send(Signal.Kill);
        await run.EndAsync();

        var seen = await op.RunAsync("assess");
        var first = seen.Lines[^1]["findings"]![0]!;
        Assert.True((string?)first["code"] == "RunUnfinished", seen.ToString());
        var next = (string)first["next"]!;
        Assert.StartsWith($"lbctl --lab={op.Lab} resume ", next, StringComparison.Ordinal);
        await op.ExpectAsync(0, [.. next.Split(' ')[2..], "--yes"]);
        await op.Segment.ExpectHolderAsync("lb2", $"killed after the add, then {next}");
    }

    /// <summary>By itself what hangs in open(2) would not even hear TERM.</summary>
    [Fact]
    public async Task Failover_FifoAsConfiguration_IsRefusedAtOnce()
    {
        using var op = await Operator.AtAsync(lab);
        using var folder = new TemporaryFolder();
        await ChildProcess.RunAsync(new ProcessSpec("mkfifo", [folder["config.yaml"]]), TestContext.Current.CancellationToken);
        var refused = await op.RawAsync("--config", folder["config.yaml"], "failover", "lb1", "lb2")
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(refused.ExitCode == 78, refused.Error);
        Assert.StartsWith($"{folder["config.yaml"]}:1:1: this is a pipe (FIFO), not a file\n", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help >/dev/full", 1, "lbctl: stdout could not be written (No space left on device)\n")]
    [InlineData("history >/dev/full", 1, "lbctl: stdout could not be written (No space left on device)\n")]
    [InlineData("assess >/dev/full", 3, "lbctl: stdout could not be written (No space left on device)\n")]
    [InlineData("assess --help | true", 0, "")]
    public async Task Printing_CannotBeWritten_IsOnePlainLine(string command, int code, string error)
    {
        using var op = await Operator.AtAsync(lab);
        // Its own exit code is about the printing only where there is nothing else to warn of.
        await FaultRun.SettledAsync(op);
        var failed = await op.RedirectedAsync(command);
        Assert.Equal((code, error), (failed.ExitCode, failed.Error));
    }

    private static async Task ExpectDoneAsync(Operator op, ProcessResult done, string what)
    {
        Assert.True(done.ExitCode == 0, $"{what}: exit {done.ExitCode}\n{done.Output}\n{done.Error}");
        Assert.DoesNotContain("   at ", done.Output + done.Error, StringComparison.Ordinal);
        await op.Segment.ExpectHolderAsync("lb2", what);
        Assert.Contains("\"result\":\"done\"",
            await File.ReadAllTextAsync(Assert.Single(op.JournalFiles()), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
