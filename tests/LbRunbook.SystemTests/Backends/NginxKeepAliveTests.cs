using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>
/// Every change of nginx is a reload, which takes busy keep-alive connections away under their clients' hands; unless they were let go
/// before.
/// </summary>
[CountsRequests]
public sealed class NginxKeepAliveTests(NginxLab lab, ITestOutputHelper output) : IClassFixture<NginxLab>
{
    private const string CloseFile = "/run/nginx.closing";

    [Fact]
    public async Task DrainRestoreIsolate_TwentyBusyKeepAlive_NoRequestIsLost()
    {
        using var op = await Operator.AtAsync(lab);
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4, downloads: 0);

        await op.ExpectAsync(0, "drain", "web1", "--for", "4s", "--steps", "2");
        await op.ExpectAsync(0, "restore-backend", "web1", "--ramp", "2s");
        await op.ExpectAsync(0, "isolate-backend", "web1");
        await op.ExpectAsync(0, "undo");

        await ExpectNoneLostAsync(clients);
        await ExpectNobodyIsAskedToLeaveAsync();
    }

    /// <summary>Each step would be a reload that waits for them: ten of them are half a minute.</summary>
    [Fact]
    public async Task Drain_SixSecondsAndBusyClients_HoldsItsTimeAndSaysWhy()
    {
        using var op = await Operator.AtAsync(lab);
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4, downloads: 0);

        var drained = await op.ExpectAsync(0, "drain", "web2", "--for", "6s");

        Assert.Contains("each change on lb1 is a reload of nginx, which may wait 2.5 s for busy clients: one step instead of 10 within 6s",
            drained.Output, StringComparison.Ordinal);
        Assert.InRange((long)drained.Outcome["durationMs"]!, 0, 9000);
        await op.ExpectAsync(0, "restore-backend", "web2");
        await ExpectNoneLostAsync(clients);
    }

    [Fact]
    public async Task Failover_KeepAliveAndDownloads_NoneIsLost()
    {
        using var op = await Operator.AtAsync(lab);
        using var clients = await LoadClients.StartAsync(op.Segment, lab.Addresses.VipV4);

        await op.ExpectAsync(0, "failover", "lb1", "lb2", "--hand-over");

        var seen = await ExpectNoneLostAsync(clients);
        Assert.NotNull(seen["servedBy"]!["lb2"]);
        await ExpectNobodyIsAskedToLeaveAsync();
        await op.ExpectAsync(0, "undo");
    }

    /// <summary>A request with a body, and one whose path has to be kept as it was written.</summary>
    [Fact]
    public async Task Asking_AnyRequest_IsAnsweredAsBefore()
    {
        // With the addresses on lb1, wherever another test has left them.
        using var op = await Operator.AtAsync(lab);
        string[] request = ["curl", "-sS", "-o", "-", "-w", " %{http_code} %{num_connects}", "-d", "a=b",
            $"http://{lab.Addresses.VipV4}/who%61mi?x=%2F"];
        string[] head = ["curl", "-sSI", $"http://{lab.Addresses.VipV4}/whoami"];
        var before = await lab.ExecAsync("client", request);
        await lab.ExecAsync("lb1", "touch", CloseFile);
        try
        {
            var asked = await lab.ExecAsync("client", request);
            Assert.Equal(Anybody(before.Output), Anybody(asked.Output));
            Assert.Equal("Connection: close", Connection((await lab.ExecAsync("client", head)).Output));
        }
        finally
        {
            await lab.ExecAsync("lb1", "rm", CloseFile);
        }
        Assert.Equal("Connection: keep-alive", Connection((await lab.ExecAsync("client", head)).Output));
    }

    [Fact]
    public async Task Assess_CloseFileWasLeftBehind_SaysSo()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.ExecAsync("lb2", "touch", "-d", "1 minute ago", CloseFile);
        try
        {
            var assessed = (await op.RawAsync(lab.Option, "assess")).Output;
            Assert.Contains("ClientsSentAway", assessed, StringComparison.Ordinal);
            Assert.Contains($"{lab.AddressOf("lb2")} rm -f {CloseFile}", assessed, StringComparison.Ordinal);
        }
        finally
        {
            await lab.ExecAsync("lb2", "rm", CloseFile);
        }
    }

    /// <summary>Without them it goes on as it always did, and says what that costs.</summary>
    [Fact]
    public async Task Isolate_ConfigurationWithoutTheLines_WarnsAndIsolates()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.ExecAsync("lb1", "sh", "-c",
            "cp /etc/nginx/nginx.conf /root/with && sed -i 's/nginx.closing/nginx.other/' /etc/nginx/nginx.conf && systemctl reload nginx");
        try
        {
            var done = await op.ExpectAsync(0, "isolate-backend", "web1");
            Assert.Contains("lb1 runs nginx without the lines", done.ToString(), StringComparison.Ordinal);
            await op.ExpectAsync(0, "undo");
        }
        finally
        {
            await lab.ExecAsync("lb1", "sh", "-c", "cp /root/with /etc/nginx/nginx.conf && systemctl reload nginx");
        }
    }

    private async Task<System.Text.Json.Nodes.JsonObject> ExpectNoneLostAsync(LoadClients clients)
    {
        var seen = await clients.StopAsync();
        output.WriteLine(seen.ToJsonString());
        Assert.Equal((0, 0), ((int)seen["failed"]!, (int)seen["downloadsBroken"]!));
        Assert.True((int)seen["requests"]! > 1000, seen.ToJsonString());
        return seen;
    }

    private async Task ExpectNobodyIsAskedToLeaveAsync()
    {
        foreach (var node in lab.State.Proxies)
            Assert.False((await lab.ExecAsync(node.Name, "test", "-e", CloseFile)).Ok, $"{node.Name} still asks its clients to leave");
    }

    private string Anybody(string text) => lab.State.Backends.Aggregate(text, (t, b) => t.Replace(b.Name, "web", StringComparison.Ordinal));

    private static string Connection(string head) =>
        head.Split('\n').Select(l => l.Trim()).Single(l => l.StartsWith("Connection:", StringComparison.Ordinal));
}
