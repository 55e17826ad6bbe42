using LbRunbook.Adapters;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters;

/// <summary>A test that fails says something of the configuration; one that could not be run says nothing.</summary>
public sealed class ConfigurationTestTests
{
    private static readonly Node Node = new() { Name = "lb1", Host = "192.0.2.1", Proxy = ProxyKind.Nginx };

    [Theory]
    [InlineData(127, "sh: 1: exec: nginx: not found")]
    [InlineData(126, "nginx: Permission denied")]
    [InlineData(124, "")]
    [InlineData(137, "Killed")]
    [InlineData(ConfigurationTest.NotFound, "there is no /etc/haproxy/haproxy.cfg")]
    public async Task Run_CouldNotBeRun_Throws(int exit, string said)
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(exit, said));

        Assert.StartsWith("the test could not be run: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Fails_IsTheReason() =>
        Assert.Equal("[emerg] unknown directive", await RunAsync(1, "x\n[emerg] unknown directive\ny"));

    [Fact]
    public async Task Container_EveryCommand_GoesThroughItsWords()
    {
        var seen = new List<string>();
        var host = new ScriptedShell
        {
            OnRun = (command, _) =>
            {
                seen.Add(string.Join(' ', command.Arguments.Take(6)));
                return Task.FromResult(command.Arguments.Contains("lb")
                    ? new RemoteResult(command.Arguments.Contains("sh") ? 92 : 0, "", "", TimeSpan.Zero)
                    : throw new InvalidOperationException("past the container"));
            },
            OnExchange = (path, _, _) => Task.FromResult($"the host's {path}"),
        };
        var inside = new ContainerShell(host, ["docker", "exec", "lb"]);
        var cancellation = TestContext.Current.CancellationToken;

        await inside.RunAsync(RemoteHost.Of(Node), new("nginx", "-t") { AsRoot = true }, cancellation);
        // Its image has no socat: the socket may be mounted from the host.
        var answer = await inside.ExchangeAsync(RemoteHost.Of(Node), "/run/a.sock", "show info\n", TimeSpan.FromSeconds(1), cancellation);

        Assert.Equal("docker exec -i lb nginx -t", seen[0]);
        Assert.Equal("the host's /run/a.sock", answer);
        Assert.Same(host, ContainerShell.Outside(inside));
    }

    private static Task<string?> RunAsync(int exit, string said) => ConfigurationTest.RunAsync(
        new ScriptedShell { OnRun = (_, _) => Task.FromResult(new RemoteResult(exit, "", said, TimeSpan.Zero)) },
        Node, ["nginx", "-t"], "[emerg]", TestContext.Current.CancellationToken);
}
