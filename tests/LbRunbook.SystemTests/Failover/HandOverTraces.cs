using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>What a hand-over may leave on a node: asked of kernel, packet filter, systemd and HAProxy themselves.</summary>
internal static class HandOverTraces
{
    private const string Look = """
        ls -d /run/lbctl-handover 2>/dev/null
        nft list tables 2>/dev/null | grep lbctl_
        for t in iptables ip6tables; do $t -w -t mangle -S 2>/dev/null | grep lbctl_ | sed "s/^/$t /"; done
        ip -o addr show dev lo | grep -v -e ' 127\.' -e ' ::1/'
        systemctl list-units --all --no-legend 'lbctl-handover-*'
        for key in arp_ignore arp_announce; do [ "$(cat /proc/sys/net/ipv4/conf/eth0/$key)" = 0 ] || echo "$key is not 0"; done
        [ ! -S /run/haproxy/admin.sock ] || echo 'show map /etc/haproxy/lbctl.map' | socat - /run/haproxy/admin.sock | grep drain
        true
        """;

    public static async Task<string> OnAsync(LabFixture lab, string node)
    {
        var seen = await lab.ExecAsync(node, "sh", "-c", Look);
        Assert.True(seen.Ok, $"{node}: {seen.Output}{seen.Error}");
        return seen.Output.Trim();
    }

    public static async Task ExpectNoneAsync(LabFixture lab, string when)
    {
        foreach (var node in (string[])["lb1", "lb2"])
            Assert.True(await OnAsync(lab, node) is var left && left.Length == 0, $"{when}: left on {node}: {left}");
    }
}
