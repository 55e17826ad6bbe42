using LbRunbook.Lab;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>More machines with the address than should be: found, named, and cured without a moment of none.</summary>
[Collection(SharedLab.Name)]
public sealed class SweepTests(LabFixture lab) : IAsyncDisposable
{
    [Fact]
    public async Task Sweep_HolderCameBackWithItsOldAddress_LeavesTheNewOne()
    {
        using var op = await Operator.AtAsync(lab);
        await lab.BreakAsync("host-freeze", "lb1");
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await lab.HealAsync();
        Assert.Equal("v4 on lb1+lb2, v6 on lb1+lb2", await op.Segment.HoldersAsync());
        var assessed = await op.RawAsync(lab.Option, "assess");
        Assert.True(assessed.Output.Contains($"lbctl {lab.Option} failover --sweep", StringComparison.Ordinal), assessed.Output);
        using var probe = await LiveProbe.StartAsync(op.Segment, op.Segment.Addresses.VipV4, rps: 50);

        await op.ExpectAsync(0, "failover", "--sweep", "--dry-run");
        Assert.Equal("v4 on lb1+lb2, v6 on lb1+lb2", await op.Segment.HoldersAsync());
        await op.ExpectAsync(0, "failover", "--sweep");

        await op.Segment.ExpectHolderAsync("lb2", "after the sweep");
        await op.Segment.ExpectServedByAsync("lb2", "after the sweep");
        await probe.StopAsync();
        // Nothing is twice any more: the same command changes nothing.
        Assert.Equal("alreadySo", (await op.ExpectAsync(0, "failover", "--sweep")).Result);
        var history = await op.RawAsync(lab.Option, "history");
        Assert.Contains($"lbctl {lab.Option} failover lb2 lb1", history.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_NobodyKnowsWhoIsRight_RefusesUntilTheNodeIsNamed()
    {
        using var op = await Operator.AtAsync(lab);
        await AddAsync("lb2");

        var refused = await op.ExpectAsync(3, "failover", "--sweep");
        Assert.Contains("lbctl failover --sweep lb1 or lbctl failover --sweep lb2", (string?)refused.Refusal("rightful-holder")["reason"],
            StringComparison.Ordinal);
        Assert.Equal("v4 on lb1+lb2, v6 on lb1", await op.Segment.HoldersAsync());

        await op.ExpectAsync(0, "failover", "--sweep", "lb2");
        await op.Segment.ExpectHolderAsync("lb1", "after naming lb2");
    }

    [Fact]
    public async Task Failover_ThirdMachineHasTheAddress_IsRefusedWithItsMac()
    {
        using var op = await Operator.AtAsync(lab);
        await AddAsync("web1");
        try
        {
            var before = await op.Segment.EverythingAsync();
            var mac = (await LabCommands.RunAsync("MAC",
                ["ip", "netns", "exec", lab.Addresses.ObjectOf("web1"), "cat", "/sys/class/net/eth0/address"],
                TestContext.Current.CancellationToken)).Trim();
            var report = await op.ExpectAsync(3, "failover", "lb1", "lb2");
            Assert.Contains(mac, report.Output, StringComparison.Ordinal);
            Assert.Equal(before, await op.Segment.EverythingAsync());
        }
        finally
        {
            await LabCommands.TryAsync(["ip", "-n", lab.Addresses.ObjectOf("web1"), "addr", "del", $"{op.Segment.Addresses.VipV4}/32",
                "dev", "eth0"], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Sweep_AddressFailedDuplicateDetection_IsFoundAndTakenAway()
    {
        using var op = await Operator.AtAsync(lab);
        var target = lab.Addresses.ObjectOf("lb2");
        var vip = op.Segment.Addresses.VipV6;
        // Without nodad the kernel looks for itself, and finds lb1.
        await LabCommands.RunAsync("adding", ["ip", "-n", target, "addr", "add", $"{vip}/128", "dev", "eth0"],
            TestContext.Current.CancellationToken);
        try
        {
            await Support.Poll.UntilAsync(
                () => LabCommands.RunAsync("looking", ["ip", "-n", target, "-6", "addr", "show", "dev", "eth0"],
                    TestContext.Current.CancellationToken),
                shown => shown.Contains("dadfailed", StringComparison.Ordinal), shown => shown);
            var assessed = await op.RawAsync(lab.Option, "assess");
            Assert.Contains("dadfailed", assessed.Output, StringComparison.Ordinal);
            // lb1 keeps it: the sweep takes the failed one away.
            await op.ExpectAsync(0, "failover", "--sweep");
            await op.Segment.ExpectHolderAsync("lb1", "after the sweep of a failed address");
        }
        finally
        {
            await LabCommands.TryAsync(["ip", "-n", target, "addr", "del", $"{vip}/128", "dev", "eth0"], CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }

    private Task<string> AddAsync(string host) =>
        LabCommands.RunAsync("adding",
            ["ip", "-n", lab.Addresses.ObjectOf(host), "addr", "add", $"{lab.Addresses.VipV4}/32", "dev", "eth0"],
            TestContext.Current.CancellationToken);
}
