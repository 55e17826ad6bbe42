using LbRunbook.Adapters.Vip;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Vip;

public sealed class LinuxVirtualIpsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Remove_VipIsPrimaryOfItsSubnet_KeepsTheNodesOwnAddress()
    {
        await using var segment = await Segment.StartAsync();
        var node = segment.Fleet.Node("lb1");
        // The VIP came first, as a /24; the node's own address is its secondary.
        await segment.OnAsync("lb1", "ip", "addr", "del", $"{node.Host}/24", "dev", "eth0");
        await segment.OnAsync("lb1", "ip", "addr", "add", $"{segment.VipAddress}/24", "dev", "eth0");
        await segment.OnAsync("lb1", "ip", "addr", "add", $"{node.Host}/24", "dev", "eth0");
        await segment.OnAsync("lb1", "sysctl", "-qw", "net.ipv4.conf.all.promote_secondaries=0",
            "net.ipv4.conf.eth0.promote_secondaries=0");
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        Assert.True((await virtualIps.ReadAsync(node, Cancellation)).Single(a => a.Address == node.Host).Secondary);

        await virtualIps.RemoveAsync(node, segment.Vip, Cancellation);

        var left = await virtualIps.ReadAsync(node, Cancellation);
        Assert.Contains(left, a => a.Address == node.Host);
        Assert.DoesNotContain(left, a => a.Address == segment.VipAddress.ToString());
        Assert.Equal("0", (await segment.OnAsync("lb1", "sysctl", "-n", "net.ipv4.conf.eth0.promote_secondaries")).Trim());
    }

    [Fact]
    public async Task Add_IPv6FailedDuplicateDetection_IsUsableAfterwards()
    {
        await using var segment = await Segment.StartAsync();
        var node = segment.Fleet.Node("lb2");
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        await segment.GiveAsync(segment.Vip6, "lb1");
        await segment.OnAsync("lb2", "ip", "addr", "add", segment.Vip6.Cidr, "dev", "eth0");
        var deadline = DateTime.UtcNow.AddSeconds(8);
        while (!(await virtualIps.ReadAsync(node, Cancellation)).Any(a => a.DadFailed))
            Assert.True(DateTime.UtcNow < deadline, "duplicate address detection did not fail");
        var error = await Assert.ThrowsAsync<AdapterException>(() => virtualIps.AnnounceAsync(node, segment.Vip6, Cancellation));
        Assert.Contains("does not hold", error.Message);

        await virtualIps.AddAsync(node, segment.Vip6, Cancellation);

        var held = (await virtualIps.ReadAsync(node, Cancellation)).Single(a => a.Address == segment.VipAddress6.ToString());
        Assert.False(held.DadFailed || held.Tentative);
    }

    [Fact]
    public async Task Add_UnknownInterface_SaysWhichNodeAndWhy()
    {
        await using var segment = await Segment.StartAsync();

        var error = await Assert.ThrowsAsync<AdapterException>(() =>
            new LinuxVirtualIps(segment.Shell).AddAsync(segment.Fleet.Node("lb1"), segment.Vip with { Interface = "eth9" }, Cancellation));

        Assert.Contains("lb1", error.Message);
        Assert.Contains("eth9", error.Message);
    }

    [Fact]
    public async Task Sessions_OneConnectionThroughTheVip_AreCountedUntilTheAddressMoves()
    {
        await using var segment = await Segment.StartAsync();
        var node = segment.Fleet.Node("lb1");
        var virtualIps = new LinuxVirtualIps(segment.Shell);
        await segment.GiveAsync(segment.Vip, "lb1");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        // A dual-stack listener: the kernel lists its IPv4 connections as mapped addresses.
        var server = segment.OnAsync("lb1", "timeout", "10", "python3", "-c",
            "import socket; s = socket.create_server(('::', 8090), family=socket.AF_INET6, dualstack_ipv6=True); c "
                + "= s.accept()[0]; c.recv(1)");
        await UntilAsync(() => virtualIps.ListensAsync(node, segment.Vip, 8090, Cancellation));
        Assert.True(await virtualIps.ListensAsync(node, segment.Vip6, 8090, Cancellation));
        Assert.False(await virtualIps.ListensAsync(node, segment.Vip, 8091, Cancellation));

        using (var client = new System.Net.Sockets.TcpClient())
        {
            await client.ConnectAsync(segment.VipAddress, 8090, Cancellation);

            Assert.Equal(1, await virtualIps.ConnectionsAsync(node, segment.Vip, Cancellation));
            Assert.Equal(1, await virtualIps.SessionsAsync(node, 8090, Cancellation));
            await virtualIps.RemoveAsync(node, segment.Vip, Cancellation);
            Assert.Equal(1, await virtualIps.ConnectionsAsync(node, segment.Vip, Cancellation));
            Assert.Equal(0, await virtualIps.SessionsAsync(node, 8090, Cancellation));
            await virtualIps.AddAsync(node, segment.Vip, Cancellation);
        }
        await server;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(5);
        while (!await condition())
            Assert.True(DateTime.UtcNow < deadline, "it did not happen within 5 s");
    }
}
