using System.Diagnostics;
using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Strict clients in the client's namespace: 20 keep-alive connections, downloads, 200 new connections a second.</summary>
internal sealed class LoadClients : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _report;

    private LoadClients(Process process)
    {
        _process = process;
        _report = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Returns when every one of them has been served.</summary>
    public static async Task<LoadClients> StartAsync(LabSegment segment, string address, int downloads = 5)
    {
        var command = segment.InNamespace("client", Path.Combine(AppContext.BaseDirectory, "lbctl-load"), address, "20",
            $"{downloads}", "200");
        var clients = new LoadClients(Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!);
        Assert.Equal("ready", await clients._process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        return clients;
    }

    /// <summary>The downloads that are under way are finished first.</summary>
    public async Task<JsonObject> StopAsync()
    {
        Signal.Send(_process.Id, Signal.Interrupt);
        return JsonNode.Parse(await _report)!.AsObject();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
