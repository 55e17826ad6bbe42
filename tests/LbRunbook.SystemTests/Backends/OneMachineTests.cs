using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

/// <summary>Two real HAProxys whose configuration is not the one that the lab began with; each test puts it back.</summary>
public sealed class OneMachineTests(LabFixture lab) : IClassFixture<LabFixture>
{
    private const string Config = "/etc/haproxy/haproxy.cfg";
    private const string Swap = "s/server web1 /server webX /; s/server web2 /server web1 /; s/server webX /server web2 /";

    [Fact]
    public async Task Isolate_NamesSwappedOnOneNode_IsRefusedAndByAddressOneMachineGoes()
    {
        using var op = await Operator.AtAsync(lab);
        await WithAsync(Swap, ["lb2"], async () =>
        {
            var refused = await op.ExpectAsync(3, "isolate-backend", "web1");
            Assert.Equal(["names-agree"], refused.Guards);
            var address = $"{lab.AddressOf("web1")}:8080";
            Assert.EndsWith($"isolate-backend {address}", refused.Next, StringComparison.Ordinal);
            Assert.Equal(["2 0", "2 0"], [await StateAsync("lb1", address), await StateAsync("lb2", address)]);
            Assert.Contains("BackendNamesDiffer", (await op.RawAsync(lab.Option, "assess")).Output, StringComparison.Ordinal);

            await op.ExpectAsync(0, "isolate-backend", address);
            Assert.Equal(["0 1", "0 1"], [await StateAsync("lb1", address), await StateAsync("lb2", address)]);
            await op.ExpectAsync(0, "undo");
            Assert.Equal(["2 0", "2 0"], [await StateAsync("lb1", address), await StateAsync("lb2", address)]);
        });
    }

    [Fact]
    public async Task DrainAndRecover_BalanceSource_GoOutAndComeBackInOneStep()
    {
        using var op = await Operator.AtAsync(lab);
        await WithAsync("s/balance roundrobin/balance source/", ["lb1", "lb2"], async () =>
        {
            var drained = await op.ExpectAsync(0, "drain", "web1", "--for", "20s");
            Assert.Contains("the load of web/web1 moves in one step", drained.Output, StringComparison.Ordinal);
            await op.ExpectAsync(0, "undo");

            await BackendFaults.KillAsync(lab, "web2");
            await op.ExpectAsync(0, "auto-recover", "web2", "--ramp", "1s");
            Assert.Equal("2 0", await StateAsync("lb1", $"{lab.AddressOf("web2")}:8080"));
        });
    }

    [Fact]
    public async Task Isolate_AgentSaysReady_StaysIsolatedUntilTheUndo()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.ExecAsync("web1", "systemd-run", "--unit", "agent", "python3", "-c",
            "import socket\ns=socket.socket(); s.setsockopt(1,2,1); s.bind(('',8090)); s.listen(9)\n"
                + "while 1:\n c=s.accept()[0]; c.send(b'ready up 100%\\n'); c.close()");
        try
        {
            await WithAsync("s/server web1 .*/& agent-check agent-port 8090 agent-inter 200ms/", ["lb1", "lb2"], async () =>
            {
                var address = $"{lab.AddressOf("web1")}:8080";
                await op.ExpectAsync(0, "isolate-backend", "web1");
                await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
                Assert.Equal(["0 1", "0 1"], [await StateAsync("lb1", address), await StateAsync("lb2", address)]);
                await op.ExpectAsync(0, "undo");
                // 16 an agent, 4 that speaks, 2 that there is one, 1 that it is being asked.
                Assert.Contains((await SavedAsync("lb1")).First(f => f[4] == lab.AddressOf("web1"))[14], (string[])["22", "23"]);
            });
        }
        finally
        {
            await lab.ExecAsync("web1", "systemctl", "stop", "agent");
        }
    }

    [Fact]
    public async Task Failover_HttpsCheckWithoutAPort_IsProvenOnItsPort()
    {
        using var op = await Operator.AtAsync(lab);
        foreach (var node in (string[])["lb1", "lb2"])
            await lab.ExecAsync(node, "sh", "-c", "cd /etc/haproxy && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
                + "-nodes -days 30 -subj /CN=lab.example.com -keyout k.pem -out c.pem && cat c.pem k.pem >tls.pem");
        await WithAsync("s/^    bind :::80 v6only/&\\n    bind 0.0.0.0:443 ssl crt \\/etc\\/haproxy\\/tls.pem\\n"
            + "    bind :::443 v6only ssl crt \\/etc\\/haproxy\\/tls.pem/", ["lb1", "lb2"], async () =>
        {
            op.Config = op.Write("https.yaml", (await File.ReadAllTextAsync(lab.Config, TestContext.Current.CancellationToken))
                .Replace("check: {type: http, port: 80, path", "check: {type: http, tls: true, path", StringComparison.Ordinal));
            var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
            Assert.Contains("on port 443", done.Output, StringComparison.Ordinal);
            await op.ExpectAsync(0, "undo");
        });
    }

    /// <summary>With another configuration on these nodes, loaded; afterwards the lab's own again.</summary>
    private async Task WithAsync(string edit, string[] nodes, Func<Task> test)
    {
        foreach (var node in nodes)
            await ReloadAsync(node, $"cp -p {Config} /root/haproxy.cfg && sed -i '{edit}' {Config}");
        try
        {
            await test();
        }
        finally
        {
            foreach (var node in nodes)
                await ReloadAsync(node, $"cp -p /root/haproxy.cfg {Config} && echo 1 >/var/lib/haproxy/server-state");
        }
    }

    private async Task ReloadAsync(string node, string before)
    {
        var done = await lab.ExecAsync(node, "sh", "-c", $"{before} && systemctl reload haproxy");
        Assert.True(done.Ok, done.Error);
        await Poll.UntilAsync(() => SavedAsync(node), s => s.Count == 3 && s.All(f => f[5] == "2"), s => $"{s.Count} servers");
    }

    /// <summary>"2 0": runs, and nobody took it out. Of a machine, whatever it is called.</summary>
    private async Task<string> StateAsync(string node, string address) =>
        (await SavedAsync(node)).Where(f => $"{f[4]}:{f[18]}" == address).Select(f => $"{f[5]} {f[6]}").Single();

    private async Task<IReadOnlyList<string[]>> SavedAsync(string node) =>
    [
        .. (await lab.ExecAsync(node, "sh", "-c", "echo 'show servers state web' | socat -t 5 - /run/haproxy/admin.sock")).Output
            .Split('\n').Select(l => l.Split(' ')).Where(f => f.Length > 18 && f[1] == "web"),
    ];
}
