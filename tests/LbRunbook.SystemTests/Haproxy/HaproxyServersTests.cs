using System.Net;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.SystemTests.Support;
using Xunit;
using static LbRunbook.SystemTests.Haproxy.HaproxyDaemon;

namespace LbRunbook.SystemTests.Haproxy;

/// <summary>What a real HAProxy says of its servers beyond up and down, and what their agents do to it.</summary>
public sealed class HaproxyServersTests
{
    private static readonly Backend s_backend = new() { Name = "web1", Host = "127.0.0.1", Port = 8080 };

    [Fact]
    public async Task Agent_SaysReady_EndsMaintenanceUnlessItKeepsStill()
    {
        await using var agent = new Agent("ready up 100%");
        await using var daemon = await StartAsync(d => $"""
            backend agents
                server web1 127.0.0.1:{d.Alive.Port} weight 100 agent-check agent-port {agent.Port} agent-inter 100ms
                server web2 127.0.0.1:{d.Alive.Port} weight 100

            """);
        Assert.Equal((true, null), (In(await daemon.ReadAsync(), "web1").AgentSpeaks, In(await daemon.ReadAsync(), "web2").AgentSpeaks));
        await daemon.Balancer.SetWeightAsync(new("agents", "web1"), 10, Cancellation);
        await daemon.UntilAsync(s => In(s, "web1").Weight == 100);

        await daemon.Balancer.SetAgentAsync(new("agents", "web1"), speaks: false, Cancellation);
        await daemon.UntilAsync(s => In(s, "web1").AgentSpeaks == false);
        await daemon.Balancer.SetStateAsync(new("agents", "web1"), AdminState.Drain, Cancellation);
        await daemon.Balancer.SetWeightAsync(new("agents", "web1"), 10, Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        Assert.Equal((AdminState.Drain, 10), (In(await daemon.ReadAsync(), "web1").Admin, In(await daemon.ReadAsync(), "web1").Weight));

        await daemon.Balancer.SetAgentAsync(new("agents", "web1"), speaks: true, Cancellation);
        await daemon.UntilAsync(s => In(s, "web1") is { AgentSpeaks: true, Admin: AdminState.Ready, Weight: 100 });
    }

    [Fact]
    public async Task Read_NamesAndSlots_AreWithoutAnAddressAndNobodysMaintenance()
    {
        await using var daemon = await StartAsync(d => $"""
            resolvers dead
                nameserver none 127.0.0.1:{LoopbackBackend.FreePort()}
            backend agents
                default-server init-addr none resolvers dead check
                server web1 web1.example.invalid:8080
                server-template slot 1-2 all.example.invalid:8080
                server later 0.0.0.0:0 disabled

            """);
        var state = await daemon.ReadAsync();
        Assert.Equal(
            [("web1", true, false, AdminState.Ready), ("slot1", true, true, AdminState.Ready), ("slot2", true, true, AdminState.Ready),
                ("later", true, true, AdminState.Maint)],
            state.Servers.Where(s => s.Pool == "agents").Select(s => (s.Server, s.HasNoAddress, s.IsSlot, s.Admin)));
        Assert.Equal("web1.example.invalid", In(state, "web1").Fqdn);
        Assert.All(state.Servers.Where(s => s.Pool == "agents"), s => Assert.False(s.InRotation));
        var pool = new Pool { Name = "agents", Backends = [s_backend] };
        Assert.Equal(["web1"], state.Servers.Where(s => s.Is(pool, s_backend)).Select(s => s.Server));
    }

    [Fact]
    public async Task Weight_WhereAMapSpreads_IsAllOrNothingAsTold()
    {
        string[] spreads = ["roundrobin", "leastconn", "random", "first", "static-rr", "source", "uri", "hdr(host)", "hash path"];
        await using var daemon = await StartAsync(d => string.Concat(spreads.Select((s, i) =>
            $"backend b{i}\n    balance {s}\n    server web1 127.0.0.1:{d.Alive.Port} weight 100\n")));
        var told = (await daemon.ReadAsync()).Balancing;
        for (var i = 0; i < spreads.Length; i++)
        {
            var answer = await daemon.SayAsync($"set server b{i}/web1 weight 50");
            Assert.Equal((spreads[i], told.Single(b => b.Pool == $"b{i}").TakesSteps), (spreads[i], answer.Trim().Length == 0));
        }
    }

    private static ServerState In(ProxyState state, string server) => state.Servers.Single(s => s.Pool == "agents" && s.Server == server);

    /// <summary>Says the same to everybody who asks.</summary>
    private sealed class Agent : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _answering;

        public Agent(string says)
        {
            _listener.Start();
            _answering = AnswerAsync(Encoding.ASCII.GetBytes(says + "\n"));
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        private async Task AnswerAsync(byte[] says)
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                try
                {
                    await client.GetStream().WriteAsync(says);
                }
                catch (IOException)
                {
                    // HAProxy has enough of it.
                }
            }
        }
    }
}
