using System.Diagnostics;
using System.Text.Json;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Probing;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Steady new connections from the client's namespace, measured by <c>lbctl probe</c> until it is told to stop.</summary>
internal sealed class LiveProbe : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _report;

    private LiveProbe(Process process)
    {
        _process = process;
        _report = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Returns when the first second of traffic is over.</summary>
    public static async Task<LiveProbe> StartAsync(LabSegment segment, string address, int rps = 200, string path = "/health")
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var command = segment.InNamespace("client", Lbctl.Binary, "probe", $"http://{host}{path}", "--rps", $"{rps}", "--for", "0s", "-v",
            "--output", "json");
        var probe = new LiveProbe(Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!);
        var first = await probe._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Contains("request", first ?? "nothing", StringComparison.Ordinal);
        // Its pipe must not fill up.
        _ = probe._process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        return probe;
    }

    public async Task<ProbeReport> StopAsync()
    {
        Signal.Send(_process.Id, Signal.Interrupt);
        return JsonSerializer.Deserialize(await _report, ProbeJson.Default.ProbeReport)!;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
