using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Somebody else gives the node its address: it is found, named with its own command, and not fought.</summary>
[Collection(SharedLab.Name)]
public sealed class OtherOwnerTests(LabFixture lab) : IAsyncDisposable
{
    /// <summary>As pacemaker's resource agent does it: what is gone for a moment is put back.</summary>
    private const string Agent =
        "while :; do ip -4 addr show dev eth0 | grep -q \"$1/32\" || ip addr add \"$1/32\" dev eth0; sleep 0.5; done";

    [Fact]
    public async Task Failover_PacemakerHasTheAddress_IsRefusedAndLeadsToItsCommand()
    {
        using var op = await Operator.AtAsync(lab);
        await StartAsync("pacemakerd", "mkdir -p /var/lib/pacemaker/cib; printf '%s\\n' '<primitive id=\"web-vip\" class=\"ocf\" "
            + "type=\"IPaddr2\">' \"<nvpair name=\\\"ip\\\" value=\\\"$1\\\"/>\" >/var/lib/pacemaker/cib/cib.xml");

        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2");

        var reason = (string?)refused.Refusal("address-owner")["reason"];
        Assert.Contains("pacemaker on lb1", reason, StringComparison.Ordinal);
        Assert.Contains("crm resource move web-vip lb2", reason, StringComparison.Ordinal);
        Assert.Equal("--accept-other-owner", (string?)refused.Refusal("address-owner")["override"]);
        await op.Segment.ExpectHolderAsync("lb1", "after the refusal");
        var assessed = await op.RawAsync([lab.Option, "assess"]);
        Assert.Contains("VipOtherOwner", assessed.Output + assessed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failover_ManagerWhoseFilesAreNotThere_MayOwnTheAddress()
    {
        using var op = await Operator.AtAsync(lab);
        await StartAsync("pacemakerd", ":", agent: "while :; do sleep 1; done", address: "-f");

        var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2");

        Assert.Contains("what it owns is not known", (string?)refused.Refusal("address-owner")["reason"], StringComparison.Ordinal);

        await op.ExpectAsync(0, "failover", "lb1", "lb2", "--accept-other-owner");
        await op.Segment.ExpectHolderAsync("lb2", "after its owner was accepted");
    }

    [Fact]
    public async Task Failover_UcarpOfAnotherAddress_Moves()
    {
        using var op = await Operator.AtAsync(lab);
        await StartAsync("ucarp", ":", agent: "while :; do sleep 1; done", address: "--addr=192.0.2.7");

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in (string[])["lb1", "lb2"])
            await lab.ExecAsync(host, "sh", "-c", "systemctl stop foreign; rm -rf /var/lib/pacemaker; :");
    }

    /// <summary>A process of that name, with the arguments of the real one where they say what it owns.</summary>
    private async Task StartAsync(string name, string before, string agent = Agent, string? address = null)
    {
        var result = await lab.ExecAsync("lb1", "sh", "-c",
            $"{before}; cp /bin/dash /run/{name} && systemd-run -q --unit=foreign /run/{name} -c \"$2\" {name} \"$1\"",
            "sh", address ?? lab.Addresses.VipV4.ToString(), agent);
        Assert.True(result.Ok, result.Error);
    }
}
