using System.Text.Json.Nodes;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>Repairing a real backend behind two real proxies, while clients ask: outcome, attempts, and who was served by whom.</summary>
public abstract class AutoRecoverTests(LabFixture lab, ITestOutputHelper output)
{
    private protected LabFixture Lab => lab;

    [Fact]
    public async Task Killed_IsBackAfterOneAttemptAndMeetsNobodyBefore()
    {
        using var op = await Operator.AtAsync(lab);
        await BackendFaults.KillAsync(lab, "web1");
        await ExpectRecoveredAsync(op);
    }

    [Fact]
    public async Task Hung_IsBackAfterOneAttemptAndMeetsNobodyBefore()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("backend-freeze", "web1");
        try
        {
            await ExpectRecoveredAsync(op);
        }
        finally
        {
            await lab.HealAsync();
        }
    }

    [Fact]
    public async Task DiskFull_StaysOutAndIsCriticalAndResumesWhenThereIsSpace()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("disk-full", "web1");
        try
        {
            await BackendFaults.KillAsync(lab, "web1");
            var report = await RunAsync(op, 4, "CRITICAL", "auto-recover", "web1", "--attempts", "2", "--wait", "10s", "--ramp", "1s");
            Assert.Contains("No space left on device", (string?)report.Outcome["message"], StringComparison.Ordinal);
            await ExpectIsolatedAsync(op);
        }
        finally
        {
            await lab.HealAsync();
        }
        await RunAsync(op, 0, "RESOLVED", "resume");
        await ExpectServesAsync();
    }

    [Fact]
    public async Task ComesUpBroken_StaysOutThenItsBreakerOpens()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.ExecAsync("web1", "touch", "/run/lab/deep-fail");
        try
        {
            var report = await RunAsync(op, 4, "CRITICAL", "auto-recover", "web1", "--wait", "3s", "--ramp", "1s");
            Assert.Contains("not well after 3 attempts: deep health", (string?)report.Outcome["message"], StringComparison.Ordinal);
            await ExpectIsolatedAsync(op);
            // Two more, and it is enough for a minute: in the middle of this run, and for the next one.
            var open = await RunAsync(op, 4, "CRITICAL", "auto-recover", "web1", "--wait", "3s", "--ramp", "1s");
            Assert.Contains("circuit breaker of web1 is open", (string?)open.Outcome["message"], StringComparison.Ordinal);
            Assert.Equal(["circuit-breaker", "run-unfinished"], (await op.ExpectAsync(3, "auto-recover", "web1")).Guards);
        }
        finally
        {
            await lab.ExecAsync("web1", "rm", "/run/lab/deep-fail");
        }
        await op.ExpectAsync(0, "restore-backend", "web1");
        await ExpectServesAsync();
    }

    [Fact]
    public async Task SwitchedOffOnPurpose_IsRefusedAndNothingChanges()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("backend-kill", "web1");
        try
        {
            var refused = await op.ExpectAsync(3, "auto-recover", "web1");
            Assert.Equal(["backend-restartable"], refused.Guards);
            Assert.Contains("masked", (string?)refused.Refusal("backend-restartable")["reason"], StringComparison.Ordinal);
        }
        finally
        {
            await lab.HealAsync();
        }
    }

    [Fact]
    public async Task Well_IsLeftAlone()
    {
        using var op = await Operator.AtAsync(lab);
        Assert.Equal("alreadySo", (await op.ExpectAsync(0, "auto-recover", "web3")).Result);
    }

    private async Task ExpectRecoveredAsync(Operator op)
    {
        RunReport report;
        WhoServed clients;
        await using (clients = new WhoServed(lab))
        {
            report = await RunAsync(op, 0, "RESOLVED", "auto-recover", "web1", "--wait", "30s", "--ramp", "2s");
            await ExpectServesAsync();
        }
        Assert.Single(report.Lines,
            l => RunReport.TypeOf(l) == "note" && ((string?)l["text"])!.Contains("is well after", StringComparison.Ordinal));
        var isolated = report.Lines.Where(l => Ended(report, l, "server.state")).Max(At);
        var returning = report.Lines.Where(l => RunReport.TypeOf(l) == "intent" && (string?)l["step"]!["uses"] == "server.return").Min(At);
        var served = clients.Between(isolated, returning);
        output.WriteLine($"{report.Outcome["durationMs"]} ms, {(returning - isolated).TotalSeconds:0.0} s out of rotation, served by "
            + $"{string.Join(", ", served.Select(s => $"{s.Key} {s.Value}"))}");
        Assert.True(served.Values.Sum() > 10, "hardly a client asked meanwhile");
        Assert.All(served.Keys, who => Assert.Contains(who, (string[])["web2", "web3"]));
    }

    private static async Task<RunReport> RunAsync(Operator op, int exitCode, string level, params string[] arguments)
    {
        var report = await op.ExpectAsync(exitCode, arguments);
        var alert = Assert.Single(report.Lines, l => RunReport.TypeOf(l) == "alert");
        Assert.Equal((level, "web1"), ((string?)alert["level"], (string?)alert["subject"]));
        var journal = await File.ReadAllTextAsync(op.JournalFiles().Single(f => f.Contains(report.RunId!, StringComparison.Ordinal)),
            TestContext.Current.CancellationToken);
        Assert.Contains($"\"level\":\"{level}\"", journal, StringComparison.Ordinal);
        return report;
    }

    private static async Task ExpectIsolatedAsync(Operator op)
    {
        var dry = await op.ExpectAsync(0, "isolate-backend", "web1", "--dry-run");
        Assert.All(dry.Outcome["steps"]!.AsArray().Where(s => (string?)s!["uses"] == "server.state"),
            s => Assert.Equal("already", (string?)s!["status"]));
    }

    private protected async Task ExpectServesAsync(string who = "web1") => await Support.Poll.UntilAsync(
        async () => (await lab.ExecAsync("client", "bash", "-c",
            $"for i in 1 2 3 4 5 6; do exec 3<>/dev/tcp/{lab.Addresses.VipV4}/80; printf 'GET /whoami "
                + "HTTP/1.0\\r\\n\\r\\n' >&3; tail -n1 <&3; done")).Output,
        seen => seen.Contains(who, StringComparison.Ordinal), seen => seen);

    private static bool Ended(RunReport report, JsonObject line, string uses) =>
        RunReport.TypeOf(line) == "stepFinished" && (string?)report.Outcome["steps"]![(int)line["index"]!]!["uses"] == uses;

    private static DateTimeOffset At(JsonObject line) =>
        DateTimeOffset.Parse((string)line["at"]!, System.Globalization.CultureInfo.InvariantCulture);
}

public sealed class HaproxyAutoRecoverTests(LabFixture lab, ITestOutputHelper output) : AutoRecoverTests(lab, output),
IClassFixture<LabFixture>
{
    private readonly LabFixture _lab = lab;

    /// <summary>Here alone: nginx tells nobody that another one has failed.</summary>
    [Fact]
    public async Task AnotherFailsMeanwhile_GetsItsTrafficBackBeforeAnythingElse()
    {
        using var op = await Operator.AtAsync(_lab);
        await _lab.ExecAsync("web1", "touch", "/run/lab/deep-fail");
        try
        {
            using var run = op.Start("auto-recover", "web1", "--wait", "40s", "--ramp", "1s");
            while ((string?)(await run.ReadUntilAsync("intent"))["step"]!["uses"] != "backend.restart")
            {
            }
            await BackendFaults.KillAsync(_lab, "web2");

            var ended = await run.EndAsync();

            Assert.Equal(4, ended.ExitCode);
            Assert.Contains("got its traffic back before anything else; it is not repaired", ended.ToString(), StringComparison.Ordinal);
            await ExpectServesAsync();
        }
        finally
        {
            await _lab.ExecAsync("web1", "rm", "/run/lab/deep-fail");
            await _lab.ExecAsync("web2", "systemctl", "start", "lab-backend");
            await ExpectServesAsync("web2");
        }
    }
}

public sealed class NginxAutoRecoverTests(NginxLab lab, ITestOutputHelper output) : AutoRecoverTests(lab, output), IClassFixture<NginxLab>;

internal static class BackendFaults
{
    /// <summary>kill -9, and systemd does not bring it back: what is left to an operator.</summary>
    public static async Task KillAsync(LabFixture lab, string host)
    {
        const string Script =
            "mkdir -p /run/systemd/system/lab-backend.service.d; printf '[Service]\\nRestart=no\\n' "
                + ">/run/systemd/system/lab-backend.service.d/once.conf; systemctl daemon-reload; systemctl kill -s KILL lab-backend";
        var done = await lab.ExecAsync(host, "sh", "-c", Script);
        Assert.True(done.Ok, done.Output + done.Error);
    }
}
