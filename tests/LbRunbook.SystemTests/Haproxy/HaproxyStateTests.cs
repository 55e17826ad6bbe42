using System.Net.Sockets;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Observations;
using Xunit;
using static LbRunbook.SystemTests.Haproxy.HaproxyDaemon;

namespace LbRunbook.SystemTests.Haproxy;

public sealed class HaproxyStateTests
{
    [Fact]
    public async Task Read_FreshDaemon_TellsProcessServersAndFrontends()
    {
        await using var daemon = await StartAsync();

        // While a check is under way HAProxy shows the last one's word with a code of its own: "L7OK/0 in 0ms".
        var state = await daemon.UntilAsync(
            s => Of(s, "web1").LastCheck?.StartsWith("L7OK/200", StringComparison.Ordinal) == true);

        Assert.True(Signal.Exists(state.Pid));
        Assert.StartsWith("2.", state.Version);
        Assert.True(state.MaxConnections > 0);
        Assert.InRange(state.IdlePercent!.Value, 0, 100);
        Assert.NotNull(state.Uptime);
        Assert.Empty(state.OldWorkers);
        Assert.Empty(state.Notes);
        Assert.Equal(["public", "closing"], state.Frontends.Where(f => f.Open).Select(f => f.Name));
        Assert.Equal(
            [("web1", AdminState.Ready, ServerHealth.Up, true), ("web2", AdminState.Ready, ServerHealth.Up, true),
             ("spare", AdminState.Ready, ServerHealth.Up, true), ("dead", AdminState.Ready, ServerHealth.Down, false),
             ("off", AdminState.Maint, ServerHealth.Unknown, false), ("unchecked", AdminState.Ready, ServerHealth.NoCheck, true),
             ("follows", AdminState.Ready, ServerHealth.Up, true)],
            state.Servers.Select(s => (s.Server, s.Admin, s.Health, s.InRotation)));
        Assert.All(state.Servers, s => Assert.Equal("web_backend", s.Pool));
        Assert.Equal($"127.0.0.1:{daemon.Alive.Port}", Of(state, "web1").Address);
        Assert.Equal((10, 10, false), (Of(state, "web1").Weight, Of(state, "web1").InitialWeight, Of(state, "web1").Backup));
        Assert.True(Of(state, "spare").Backup);
        Assert.Equal(5, Of(state, "off").AdminMask);
        Assert.Contains("Connection refused", Of(state, "dead").LastCheck);
        Assert.Null(Of(state, "unchecked").LastCheck);
    }

    [Theory]
    [InlineData("set server web_backend/web1 state drain", "web1", AdminState.Drain, 8)]
    [InlineData("set server web_backend/web1 state maint", "web1", AdminState.Maint, 1)]
    [InlineData("set server web_backend/web1 state drain", "follows", AdminState.Drain, 16)]
    [InlineData("set server web_backend/web1 state maint", "follows", AdminState.Maint, 2)]
    [InlineData("set server web_backend/dead state drain", "dead", AdminState.Drain, 8)]
    [InlineData("set server web_backend/off state ready", "off", AdminState.Ready, 4)]
    [InlineData("set server web_backend/unchecked state drain", "unchecked", AdminState.Drain, 8)]
    public async Task Read_AfterStateCommand_ShowsAdminStateAndMask(string command, string server, AdminState admin, int mask)
    {
        await using var daemon = await StartAsync();

        Assert.Equal("", (await daemon.SayAsync(command)).Trim());

        var state = Of(await daemon.ReadAsync(), server);
        Assert.Equal((admin, mask), (state.Admin, state.AdminMask));
        Assert.Equal(admin == AdminState.Ready, state.InRotation);
    }

    [Fact]
    public async Task Read_DrainedDeadServer_KeepsBothHalves()
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync("set server web_backend/dead state drain");

        var dead = Of(await daemon.ReadAsync(), "dead");

        // The printed status alone would hide the drain.
        Assert.Equal(("DOWN", AdminState.Drain, ServerHealth.Down), (dead.Status, dead.Admin, dead.Health));
    }

    [Fact]
    public async Task Read_MaintToReady_CountsUpBeforeItIsPlainUp()
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync("set server web_backend/dead state maint");
        await daemon.SayAsync("set server web_backend/dead state ready");

        // A dead server takes traffic right after maint: the proxy believes in it until the checks fail.
        var dead = Of(await daemon.ReadAsync(), "dead");
        Assert.True(dead is { Health: ServerHealth.GoingDown, InRotation: true } or { Health: ServerHealth.Down }, dead.Status);
        await daemon.UntilAsync(s => Of(s, "dead").Health == ServerHealth.Down);
    }

    [Fact]
    public async Task Read_Weights_ShowSetAndInitial()
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync("set weight web_backend/web2 50%");
        await daemon.SayAsync("set weight web_backend/web1 0");

        var state = await daemon.ReadAsync();

        Assert.Equal((10, 20), (Of(state, "web2").Weight, Of(state, "web2").InitialWeight));
        // It still prints UP: the weight is what takes it out.
        Assert.Equal(("UP", 0, false), (Of(state, "web1").Status, Of(state, "web1").Weight, Of(state, "web1").InRotation));
    }

    [Fact]
    public async Task Read_ServerThatAsksForNoTraffic_IsStopping()
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync("disable health web_backend/web1; set server web_backend/web1 health stopping");

        var state = await daemon.UntilAsync(s => Of(s, "web1").Status.StartsWith("NOLB", StringComparison.Ordinal));

        Assert.Equal((AdminState.Ready, ServerHealth.Stopping, false),
            (Of(state, "web1").Admin, Of(state, "web1").Health, Of(state, "web1").InRotation));
    }

    [Fact]
    public async Task Read_ShutDownFrontend_IsNotOpen()
    {
        await using var daemon = await StartAsync();
        await daemon.SayAsync("shutdown frontend closing");

        var state = await daemon.ReadAsync();

        Assert.Equal([("public", true), ("closing", false)], state.Frontends.Select(f => (f.Name, f.Open)));
    }

    [Fact]
    public async Task Read_AfterReloadWithOpenConnection_ShowsOldWorkerAndItsSession()
    {
        await using var daemon = await StartAsync();
        var before = (await daemon.ReadAsync()).Pid;
        using var client = new TcpClient("127.0.0.1", daemon.FrontendPort);
        // A request that does not end: the session stays on its server.
        await client.GetStream().WriteAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1"u8.ToArray(), Cancellation);
        await daemon.UntilAsync(s => s.Servers.Sum(x => x.CurrentSessions) == 1);

        daemon.Reload();

        var state = await daemon.UntilAsync(s => s.Answers && s.Pid != before && s.OldWorkers.Count > 0);
        Assert.Equal([before], state.OldWorkers);
        Assert.Equal(1, state.Servers.Sum(s => s.CurrentSessions));
        client.Close();
        await daemon.UntilAsync(s => s.OldWorkers.Count == 0 && s.Servers.Sum(x => x.CurrentSessions) == 0);
    }

    [Fact]
    public async Task Read_AfterFailedReload_SaysSo()
    {
        await using var daemon = await StartAsync();
        await File.AppendAllTextAsync(daemon.ConfigPath, "nonsense\n", Cancellation);

        daemon.Reload();

        var state = await daemon.UntilAsync(s => s.Notes.Any(n => n.Contains("the last reload failed (1 in a row)")));
        Assert.True(state.Answers);
        Assert.Empty(state.OldWorkers);
    }
}
