using LbRunbook.Adapters.Probing;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Probing;

/// <summary>The far side is this machine: commands run as they would there, without SSH, with a script in place of lbctl.</summary>
public sealed class RemoteProbeTests : IDisposable
{
    private const string Report =
        """{"type":"probe","schema":1,"target":"t","mode":"m","startedAt":"2026-01-01T00:00:00+00:00","durationMs":1,"endedEarly":false,"requestedRps":1,"achievedRps":1,"timeoutMs":1,"requests":7,"ok":7,"failed":0,"unfinished":0,"failures":{},"failureDetails":{},"lateSends":0,"latestSendMs":0,"latency":null,"outages":0,"longestOutage":null,"answerers":[],"answererChanges":0,"changes":[]}""";
    private static readonly RemoteHost Host = new("client", "192.0.2.5", new SshOptions());
    private readonly string _folder = Directory.CreateTempSubdirectory("lbctl-test").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_SameVersionInstalled_UsesIt()
    {
        var report = await RunAsync(installed: $"case $1 in --version) echo 1.2.3;; *) echo '{Report}';; esac", binary: "exit 1");

        Assert.Equal((7L, "client"), (report.Requests, report.From));
    }

    [Fact]
    public async Task Run_OtherVersionInstalled_CopiesItselfPassesArgumentsAndRemovesTheCopy()
    {
        var report = await RunAsync(installed: "echo 0.0.1", binary: $"[ \"$2\" = 'a b' ] && echo '{Report}'");

        Assert.Equal(7, report.Requests);
        Assert.Empty(Directory.GetFiles(_folder, "lbctl-probe.*"));
    }

    [Fact]
    public async Task Run_CopyFails_RemovesTheCopyAndSaysWhatItPrinted()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(installed: "exit 127", binary: "echo broken >&2; exit 9"));

        Assert.Contains("ended there with 9 and no report: broken", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "lbctl-probe.*"));
    }

    [Fact]
    public async Task Run_Stopped_EndsTheFarInputAndStillGetsTheReport()
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(installed: "exit 127", binary: $"touch \"$TMPDIR/started\"; cat >/dev/null; echo '{Report}'", stop);
        var deadline = Environment.TickCount64 + 10_000;
        while (!File.Exists(Path.Combine(_folder, "started")) && Environment.TickCount64 < deadline)
            await Task.Delay(10, TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();

        Assert.Equal(7, (await running).Requests);
        Assert.Empty(Directory.GetFiles(_folder, "lbctl-probe.*"));
    }

    [Fact]
    public async Task Run_NothingToCopy_SaysWhatToInstall()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(installed: "exit 127", binary: null));

        Assert.Contains("lbctl 1.2.3 is not installed there", error.Message, StringComparison.Ordinal);
    }

    private async Task<LbRunbook.Core.Probing.ProbeReport> RunAsync(string installed, string? binary, CancellationTokenSource? stop = null)
    {
        WriteScript("lbctl", installed);
        var copy = binary is null ? null : WriteScript("binary", binary);
        return await new RemoteProbe(new LocalShell(_folder), "1.2.3", copy).RunAsync(Host, ["probe", "a b"], TimeSpan.FromSeconds(10),
            stop?.Token ?? TestContext.Current.CancellationToken);
    }

    private string WriteScript(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private sealed class LocalShell(string folder) : IRemoteShell
    {
        public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
        {
            var result = await ChildProcess.RunAsync(new("env",
                [$"PATH={folder}:{Environment.GetEnvironmentVariable("PATH")}", $"TMPDIR={folder}", .. command.Arguments])
            {
                WriteInput = command.WriteInput,
                Timeout = command.Timeout ?? TimeSpan.FromSeconds(10),
            }, cancellation);
            return new(result.ExitCode, result.Output, result.Error, result.Took);
        }

        public Task<string> ExchangeAsync(
            RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
