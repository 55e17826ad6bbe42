using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>Isolating, restoring and draining a backend of two real HAProxys, under real traffic.</summary>
public sealed class HaproxyBackendTests(LabFixture lab) : IClassFixture<LabFixture>
{
    [Fact]
    public async Task IsolateThenRestore_TwoHundredRequestsASecond_NoneFailsAndNoneReachesIt()
    {
        using var op = await Operator.AtAsync(lab);
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, path: "/whoami");

        await op.ExpectAsync(0, "isolate-backend", "web1");
        var isolated = await RequestsAsync("lb1", "web1");
        await RequestsPassAsync("web2", 60);
        Assert.Equal(isolated, await RequestsAsync("lb1", "web1"));

        await op.ExpectAsync(0, "restore-backend", "web1");
        await RequestsPassAsync("web1", 20);
        var seen = await probe.StopAsync();
        Assert.Empty(seen.Failures);
    }

    [Fact]
    public async Task Isolate_ProxyReloaded_StaysIsolated()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "isolate-backend", "web1");
        await lab.SystemctlAsync("lb1", "reload", "haproxy");
        try
        {
            await Support.Poll.UntilAsync(() => StateAsync("lb1", "web1"), s => s.StartsWith("MAINT", StringComparison.Ordinal), s => s);
        }
        finally
        {
            await op.ExpectAsync(0, "undo");
        }
        Assert.StartsWith("UP", await StateAsync("lb1", "web1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undo_OfAnIsolation_LeavesEveryServerAsItWas()
    {
        using var op = await Operator.AtAsync(lab);
        var before = (await SavedAsync("lb1"), await SavedAsync("lb2"));
        await op.ExpectAsync(0, "isolate-backend", "web2");
        Assert.NotEqual(before, (await SavedAsync("lb1"), await SavedAsync("lb2")));
        await op.ExpectAsync(0, "undo");
        Assert.Equal(before, (await SavedAsync("lb1"), await SavedAsync("lb2")));
    }

    [Fact]
    public async Task Drain_ANode_MovesItsAddressesAndUndoBringsThemBack()
    {
        using var op = await Operator.AtAsync(lab);
        var done = await op.ExpectAsync(0, "drain", "lb1", "--for", "10s");
        Assert.Contains(done.Outcome["steps"]!.AsArray(), s => (string?)s!["uses"] == "handover.wait");
        await op.Segment.ExpectHolderAsync("lb2", "after the drain");
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
    }

    [Fact]
    public async Task Drain_ANodeWithABackendsOption_SaysSoAndChangesNothing()
    {
        using var op = await Operator.AtAsync(lab);
        var wrong = await op.ExpectAsync(64, "drain", "lb1", "--on-timeout", "restore");
        Assert.Contains("--on-timeout is about a backend, and lb1 is a node", (string?)wrong.Outcome["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Isolate_BelowTheMinimum_IsRefusedAndChangesNothing()
    {
        using var op = await Operator.AtAsync(lab);
        await op.ExpectAsync(0, "isolate-backend", "web1");
        var before = (await SavedAsync("lb1"), await SavedAsync("lb2"));
        var refused = await op.ExpectAsync(3, "isolate-backend", "web2");
        Assert.All(refused.Guards, g => Assert.Equal("minimum-capacity", g));
        Assert.Equal(before, (await SavedAsync("lb1"), await SavedAsync("lb2")));
        await op.ExpectAsync(0, "undo");
    }

    [Fact]
    public async Task Isolate_OneProxyDead_IsolatesOnTheOtherAndResumeFinishesIt()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("proxy-kill", "lb2");
        try
        {
            var partial = await op.ExpectAsync(4, "isolate-backend", "web1");
            Assert.Contains("resume", partial.Next, StringComparison.Ordinal);
            Assert.StartsWith("MAINT", await StateAsync("lb1", "web1"), StringComparison.Ordinal);
        }
        finally
        {
            await lab.HealAsync();
        }
        await op.ExpectAsync(0, "resume");
        Assert.StartsWith("MAINT", await StateAsync("lb2", "web1"), StringComparison.Ordinal);
        await op.ExpectAsync(0, "undo");
    }

    [Fact]
    public async Task Isolate_AlmostTheName_IsAnErrorWithTheNearest()
    {
        using var op = await Operator.AtAsync(lab);
        var unknown = await op.ExpectAsync(64, "isolate-backend", "web11");
        Assert.Contains("did you mean web1?", unknown.Output + unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drain_ThenIsolate_EndsInMaintenanceWithNobodyLeft()
    {
        using var op = await Operator.AtAsync(lab);
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, path: "/whoami");
        await op.ExpectAsync(0, "drain", "web3", "--for", "6s", "--then", "isolate");
        Assert.StartsWith("MAINT", await StateAsync("lb1", "web3"), StringComparison.Ordinal);
        await op.ExpectAsync(0, "restore-backend", "web3", "--ramp", "1s");
        Assert.Empty((await probe.StopAsync()).Failures);
    }

    private async Task<string> StateAsync(string node, string server) => (await RowAsync(node, server))[17];

    private async Task<long> RequestsAsync(string node, string server) =>
        long.Parse((await RowAsync(node, server))[7], System.Globalization.CultureInfo.InvariantCulture);

    private Task RequestsPassAsync(string server, int count) => Task.Run(async () =>
    {
        var start = await RequestsAsync("lb1", server);
        await Support.Poll.UntilAsync(() => RequestsAsync("lb1", server), now => now >= start + count,
            now => $"{now - start} requests reached {server}");
    });

    private async Task<string[]> RowAsync(string node, string server) =>
        (await SayAsync(node, "show stat")).Split('\n').Select(l => l.Split(','))
            .Single(f => f.Length > 20 && f[0] == "web" && f[1] == server);

    /// <summary>Administrative state and weight of every server: what must be as before.</summary>
    private async Task<string> SavedAsync(string node) => string.Join("; ", (await SayAsync(node, "show servers state web")).Split('\n')
        .Select(l => l.Split(' ')).Where(f => f.Length > 8 && f[1] == "web").Select(f => $"{f[3]} {f[6]} {f[7]}"));

    private async Task<string> SayAsync(string node, string command) =>
        (await lab.ExecAsync(node, "sh", "-c", $"echo '{command}' | socat -t 5 - /run/haproxy/admin.sock")).Output;
}
