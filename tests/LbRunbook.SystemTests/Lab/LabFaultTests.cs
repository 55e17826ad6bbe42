using System.Net.Sockets;
using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

/// <summary>Each fault takes away what it says, nothing else, and gives it back.</summary>
public sealed class LabFaultTests(LabFixture lab) : IClassFixture<LabFixture>, IAsyncDisposable
{
    [Theory]
    //                              host    http   ssh    arp
    [InlineData("proxy-kill", "lb2", false, true, true)]
    [InlineData("proxy-freeze", "lb2", false, true, true)]
    [InlineData("backend-kill", "web1", false, true, true)]
    [InlineData("backend-freeze", "web1", false, true, true)]
    [InlineData("host-freeze", "lb2", false, false, false)]
    [InlineData("host-cut", "lb2", false, false, false)]
    [InlineData("host-kill", "lb2", false, false, false)]
    [InlineData("ssh-cut", "lb2", true, false, true)]
    [InlineData("in-cut", "lb2", false, false, false)]
    [InlineData("out-cut", "lb2", false, false, false)]
    [InlineData("sshd-freeze", "lb2", true, false, true)]
    public async Task Break_AnyFault_TakesAwayExactlyThatUntilHealed(string fault, string host, bool http, bool ssh, bool arp)
    {
        lab.Require();
        // What the test before healed may still be starting.
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(15), async () => await LookAsync(host) == (true, true, true),
            TestContext.Current.CancellationToken));

        await lab.BreakAsync(fault, host);
        Assert.Equal((http, ssh, arp), await LookAsync(host));
        Assert.Contains(fault, await Lbctl.ExpectAsync(0, "lab", "status", "--name", lab.Name), StringComparison.Ordinal);

        await Lbctl.ExpectAsync(0, "lab", "heal", fault, host, "--name", lab.Name);
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(10), async () => await LookAsync(host) == (true, true, true),
            TestContext.Current.CancellationToken));
        Assert.DoesNotContain("FAULT", await Lbctl.ExpectAsync(0, "lab", "status", "--name", lab.Name), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heal_HolderWasKilled_VipComesBackUnlessTakenOver()
    {
        lab.Require();
        await lab.BreakAsync("host-kill", "lb1");
        await lab.HealAsync();
        Assert.Contains(lab.Addresses.VipV4, await AddressesAsync("lb1"), StringComparison.Ordinal);

        await lab.BreakAsync("host-kill", "lb1");
        await lab.ExecAsync("lb2", "ip", "addr", "add", lab.Addresses.VipV4 + "/32", "dev", "eth0");
        await lab.HealAsync();
        Assert.DoesNotContain(lab.Addresses.VipV4, await AddressesAsync("lb1"), StringComparison.Ordinal);
        Assert.Contains(lab.Addresses.VipV6, await AddressesAsync("lb1"), StringComparison.Ordinal);

        await lab.ExecAsync("lb2", "ip", "addr", "del", lab.Addresses.VipV4 + "/32", "dev", "eth0");
        await lab.ExecAsync("lb1", "ip", "addr", "add", lab.Addresses.VipV4 + "/32", "dev", "eth0");
        await lab.ExecAsync("lb1", "arping", "-q", "-U", "-c", "1", "-I", "eth0", lab.Addresses.VipV4);
    }

    [Fact]
    public async Task Bridge_PortWithALowerAddressJoins_KeepsTheMachinesMac()
    {
        lab.Require();
        var port = lab.Addresses.Prefix + "low";
        await IpAsync("link", "add", port, "address", "00:00:5e:00:53:01", "type", "veth", "peer", "name", lab.Addresses.Prefix + "far");
        try
        {
            await IpAsync("link", "set", port, "master", lab.Addresses.Bridge, "up");
            Assert.Equal(lab.Addresses.MachineMac,
                (await File.ReadAllTextAsync($"/sys/class/net/{lab.Addresses.Bridge}/address",
                    TestContext.Current.CancellationToken)).Trim());
        }
        finally
        {
            await IpAsync("link", "del", port);
        }

        static Task IpAsync(params IReadOnlyList<string> arguments) =>
            LabCommands.RunAsync("a port of the bridge", ["ip", .. arguments], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Heal_CableCutTwice_PlugsInWithTheLast()
    {
        lab.Require();
        await lab.BreakAsync("host-cut", "lb2");
        await lab.BreakAsync("host-freeze", "lb2");
        await Lbctl.ExpectAsync(0, "lab", "heal", "host-freeze", "lb2", "--name", lab.Name);
        Assert.Equal((false, false, false), await LookAsync("lb2"));
        await lab.HealAsync();
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(10), async () => await LookAsync("lb2") == (true, true, true),
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Break_HostIsFrozen_RefusesWhatWouldHang()
    {
        lab.Require();
        await lab.BreakAsync("host-freeze", "lb2");
        var refused = await Lbctl.RunAsync("lab", "break", "proxy-kill", "lb2", "--name", lab.Name);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains($"Next: lbctl lab heal host-freeze lb2 --name {lab.Name}", refused.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }

    private async Task<(bool Http, bool Ssh, bool Arp)> LookAsync(string host)
    {
        var address = lab.AddressOf(host);
        var http = await AnswersHttpAsync($"http://{address}:{(host.StartsWith("web", StringComparison.Ordinal) ? 8080 : 80)}/health");
        return (http, await AnswersSshAsync(address), await AnswersArpAsync(address));
    }

    private static async Task<bool> AnswersHttpAsync(string url)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        try
        {
            return await http.GetStringAsync(new Uri(url), TestContext.Current.CancellationToken) == "OK\n";
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<bool> AnswersSshAsync(string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, 22, limit.Token);
            return await client.GetStream().ReadAsync(new byte[4], limit.Token) > 0;
        }
        catch (Exception error) when (error is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Asked by a third host, which has no reason to remember.</summary>
    private async Task<bool> AnswersArpAsync(string address) =>
        (await lab.ExecAsync("client", "arping", "-q", "-c", "1", "-w", "1", "-I", "eth0", address)).ExitCode == 0;

    private async Task<string> AddressesAsync(string host) => (await lab.ExecAsync(host, "ip", "-o", "addr", "show", "dev", "eth0")).Output;
}
