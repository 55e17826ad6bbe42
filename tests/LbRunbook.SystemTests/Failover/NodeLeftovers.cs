using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// Everything that a run may have set on a node besides the addresses: packet rules, kernel variables, addresses on lo, units and timers,
/// the proxy's close map. Equal before and after, or something was left behind.
/// </summary>
internal static class NodeLeftovers
{
    // Empty built-in chains are what looking at them creates.
    private const string Script = """
        PATH="$PATH:/usr/sbin:/sbin"
        for tool in iptables ip6tables; do $tool-save 2>/dev/null | grep -E '^(-A|-N|:lbctl)' | sed "s/^/$tool: /"; done
        nft list tables 2>/dev/null | grep -vE '^table (ip|ip6) (mangle|filter|nat|raw|security)$' | sed 's/^/nft: /'
        grep -rs '' /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf | grep -vE '_secret:|/mc_forwarding:' | sort
        ip -o addr show dev lo | sed 's/ *valid_lft.*//'
        systemctl list-units --all --no-legend --plain 'lbctl*' | sed 's/^/unit: /'
        systemctl is-active haproxy
        echo 'show map /etc/haproxy/lbctl.map' | socat -t 2 - /run/haproxy/admin.sock 2>&1 | sed 's/^0x[0-9a-f]* /map: /'
        """;

    public static async Task<string> OfAsync(LabFixture lab, string node)
    {
        var result = await lab.ExecAsync(node, "sh", "-c", Script);
        Assert.True(result.Output.Length > 0, $"looking at {node}: {result.Error}");
        return result.Output;
    }

    public static string Difference(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        return string.Join("; ", now.Except(old).Select(l => $"now {l}").Concat(old.Except(now).Select(l => $"no more {l}")));
    }
}
