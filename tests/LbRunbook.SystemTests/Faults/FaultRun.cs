using System.Diagnostics;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using LbRunbook.Lab.Faults;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>
/// One scenario, played to its end: the fault, the two commands, what they left, and the way back once the fault is gone.
/// </summary>
internal sealed class FaultRun(LabFixture lab, FaultScenario scenario) : IAsyncDisposable
{
    /// <summary>lbctl's own limits end everything before; without them, somebody would stare at a prompt.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(75);

    private readonly TemporaryFolder _folder = new();
    private FullDisk? _full;

    /// <returns>The row's cells.</returns>
    public async Task<IReadOnlyList<string>> PlayAsync()
    {
        using var op = await Operator.AtAsync(lab);
        await DressAsync(op);
        await SettledAsync(op);
        var traces = new NodeTraces(op.Segment);
        var (tracesBefore, before) = (await traces.ReadAsync(), await op.Segment.EverythingAsync());
        using var probe = await LiveProbe.StartAsync(op.Segment, op.Segment.Addresses.VipV4, rps: 50);

        string? assessed = null;
        // What a node that hears nothing still announces from the row before would be heard as somebody else's answer.
        if (scenario.Faults.Any(f => f.Fault == "in-cut"))
            await traces.AnnouncementsEndAsync();
        if (scenario.Midway is null)
        {
            await BreakAsync();
            assessed = await AssessAsync(op);
        }
        var clock = Stopwatch.StartNew();
        var report = scenario.Midway is { } moment ? await BrokenMidwayAsync(op, moment) : await op.RunAsync("failover", "lb1", "lb2");
        Assert.True(clock.Elapsed < Patience, $"{scenario}: {clock.Elapsed} until it gave up: {report}");
        assessed ??= await AssessAsync(op);

        var holders = await op.Segment.HoldersAsync();
        await ExpectPromisesAsync(op, report, before, holders);
        var lost = await probe.StopAsync();
        Assert.True(scenario.StopsService || lost.Failed == 0,
            $"{scenario}: {lost.Failed} of {lost.Requests} requests failed ({string.Join(", ", lost.Failures)}): {report}");

        var wayBack = await WayBackAsync(op, report);
        await traces.ExpectAsync(tracesBefore, $"{scenario}: left on the nodes");
        return [assessed, $"{report.ExitCode} ({report.Result})", FaultWords.OfRun(report, lab.Name), Short(holders),
            Lost(report), wayBack];
    }

    public async ValueTask DisposeAsync()
    {
        if (_full is not null)
            await _full.DisposeAsync();
        _folder.Dispose();
        await lab.HealAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
    private string ClockFile => _folder["clock"];

    private async Task DressAsync(Operator op)
    {
        if (scenario.Ops)
        {
            op.Config = _folder.Write("config.yaml", File.ReadAllText(lab.Config)
                .Replace("ssh:\n  user: root\n", "ssh:\n  user: ops\n  sudo: true\n", StringComparison.Ordinal)
                .Replace("ssh: {user: root}", "ssh: {user: ops}", StringComparison.Ordinal));
        }
        if (scenario.Clock is not null)
        {
            Assert.SkipWhen(ClockStepFault.FakeTime is null, "no libfaketime on this machine");
            File.WriteAllText(ClockFile, "+0\n");
            op.Variables["LD_PRELOAD"] = ClockStepFault.FakeTime!.Replace("libfaketime.so", "libfaketimeMT.so", StringComparison.Ordinal);
            op.Variables["FAKETIME_TIMESTAMP_FILE"] = ClockFile;
            op.Variables["FAKETIME_NO_CACHE"] = "1";
            op.Variables["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        }
        if (scenario.Faults.Any(f => f.Fault == "clock-step"))
        {
            Assert.SkipWhen(ClockStepFault.FakeTime is null, "no libfaketime on this machine");
            // Connections of before the fault would still see the true time.
            op.Variables["XDG_RUNTIME_DIR"] = _folder.Path;
        }
        if (scenario.JournalFull)
        {
            _full = await FullDisk.MountAsync(_folder["full"]);
            op.Variables["XDG_STATE_HOME"] = _full.Path;
        }
    }

    internal static Task<RunReport> SettledAsync(Operator op) => Support.Poll.UntilAsync(
        () => AssessRawAsync(op), seen => seen.ExitCode == 0, seen => seen.ToString(), everyMilliseconds: 500);

    private static async Task<RunReport> AssessRawAsync(Operator op) => await op.RunAsync("assess");

    private static async Task<string> AssessAsync(Operator op)
    {
        var report = await AssessRawAsync(op);
        return FaultWords.OfAssess(report.ExitCode, JsonNode.Parse(report.Output)!);
    }

    private async Task BreakAsync()
    {
        foreach (var (fault, host) in scenario.Faults)
            await lab.BreakAsync(fault, host);
        if (scenario.Clock is not null)
            File.WriteAllText(ClockFile, scenario.Clock + "\n");
    }

    private async Task<RunReport> BrokenMidwayAsync(Operator op, Reached moment)
    {
        using var run = op.Start("failover", "lb1", "lb2");
        var intent = await run.ReadUntilAsync("intent");
        while ((string?)intent["step"]!["uses"] != moment.Uses)
            intent = await run.ReadUntilAsync("intent");
        await run.ReadUntilAsync("stepFinished", (int)intent["index"]!);
        run.Send(Signal.Stop);
        Assert.Equal(moment.Holders, await op.Segment.HoldersAsync());
        await BreakAsync();
        run.Send(Signal.Continue);
        return await run.EndAsync();
    }

    private async Task ExpectPromisesAsync(Operator op, RunReport report, string before, string holders)
    {
        Assert.True(report.ExitCode is 0 or 1 or 3 or 4, $"{scenario}: {report}");
        Assert.True(report.Next?.StartsWith("lbctl ", StringComparison.Ordinal) == true, $"{scenario}: no command to go on with: {report}");
        if (report.ExitCode is 1 or 3)
            Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.False(holders.Contains("nobody", StringComparison.Ordinal), $"{scenario}: {holders}: {report}");
        Assert.True(scenario.MayHaveTwoHolders || !holders.Contains('+', StringComparison.Ordinal), $"{scenario}: {holders}: {report}");
        if (scenario.StopsService && report.ExitCode != 0)
            return;
        foreach (var vip in (string[])[op.Segment.Addresses.VipV4, op.Segment.Addresses.VipV6])
            Assert.True(await op.Segment.AnswererAsync(vip) is "lb1" or "lb2", $"{scenario}: nobody answers for {vip}: {report}");
    }

    /// <summary>The fault is gone: what was begun can be taken back, what was refused can be done, and all is as it was.</summary>
    private async Task<string> WayBackAsync(Operator op, RunReport report)
    {
        if (scenario.Clock is not null)
            File.WriteAllText(ClockFile, "+0\n");
        if (_full is not null)
            await _full.EmptyAsync();
        await lab.HealAsync();
        string[] command = (bool?)report.Outcome["changed"] == true ? ["undo"] : ["failover", "lb1", "lb2"];
        if (op.JournalFiles().Count == 0 && command[0] == "undo")
            command = ["failover", "lb2", "lb1"];
        // Nothing was done, so there is nothing to hurry for: the daemons on a host that was cut off need a moment.
        if (command is ["failover", "lb1", _])
            await SettledAsync(op);
        var back = await op.ExpectAsync(0, command);
        if (command is ["failover", "lb1", _])
        {
            await op.Segment.ExpectHolderAsync("lb2", $"{scenario}: healed, then failover");
            await op.ExpectAsync(0, "undo");
        }
        await op.Segment.ExpectHolderAsync("lb1", $"{scenario}: {string.Join(' ', command)}: {back}");
        await op.Segment.ExpectServedByAsync("lb1", $"{scenario}: {string.Join(' ', command)}");
        return $"`{string.Join(' ', command)}`: 0";
    }

    private string Lost(RunReport report) => (scenario.StopsService, report.ExitCode) switch
    {
        (false, _) => "none",
        (true, 0) => "those until lb2 served",
        (true, _) => "those of the fault",
    };

    private static string Short(string holders) =>
        holders == LabSegment.BothOn("lb1") ? "both on lb1" : holders == LabSegment.BothOn("lb2") ? "both on lb2" : holders;
}
