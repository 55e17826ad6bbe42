using System.Text;
using LbRunbook.Lab;
using LbRunbook.SystemTests.Failover;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>
/// What a failover could leave on the nodes besides the addresses: equal before and after. Its repeated announcements go on for five
/// seconds: that they end is waited for once (<see cref="AnnouncementsEndAsync"/>), not in every row.
/// </summary>
internal sealed class NodeTraces(LabSegment segment)
{
    /// <summary>
    /// In one shell: each command by itself would be several processes. Counters and comments apart, which count and date.
    /// </summary>
    private const string InNetwork = """
        nft -s list ruleset
        iptables-save | grep -v '^#' | sed 's/ \[.*//'
        ip6tables-save | grep -v '^#' | sed 's/ \[.*//'
        ip -br addr show lo
        grep -H . /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce /proc/sys/net/ipv4/conf/*/promote_secondaries \
            /proc/sys/net/ipv6/conf/*/accept_dad /proc/sys/net/ipv4/ip_nonlocal_bind /proc/sys/net/ipv6/ip_nonlocal_bind
        """;

    /// <summary>What lbctl runs there for longer than a question: the repeated announcements.</summary>
    private static readonly string[] Announcing = ["sh", "-c", "ps -eo args | grep -E '[s]h -s --|[a]rping|[n]dptool'"];

    /// <summary>The lease's directory stays, with the count of the leases that there were: only a lease in it is somebody's.</summary>
    private const string InHost = """
        systemctl list-units --all --plain --no-legend | grep lbctl | cut -d' ' -f1
        find /run /tmp /var/tmp /var/lib -xdev -name '*lbctl*' -not -name lbctl-lease -not -path '/run/systemd/*' 2>/dev/null | sort
        ls /run/lbctl-lease 2>/dev/null | grep -v ^count
        cat /etc/haproxy/haproxy.cfg /etc/haproxy/lbctl.map | sha256sum
        """;

    public async Task<string> ReadAsync()
    {
        var seen = new StringBuilder();
        foreach (var host in segment.Lab.Proxies)
        {
            seen.AppendLine(host.Name);
            seen.Append((await LabCommands.TryAsync(segment.InNamespace(host.Name, ["sh", "-c", InNetwork]), Token)).Output);
            seen.Append(await InHostAsync(host, ["sh", "-c", InHost]));
        }
        return seen.ToString();
    }

    public async Task ExpectAsync(string before, string when) => await Support.Poll.UntilAsync(
        ReadAsync, now => now == before, now => $"{when}:\n{now}\nexpected:\n{before}", seconds: 20, everyMilliseconds: 500);

    public async Task AnnouncementsEndAsync() => await Support.Poll.UntilAsync(
        async () => string.Concat(await Task.WhenAll(segment.Lab.Proxies.Select(h => InHostAsync(h, Announcing)))),
        seen => seen.Length == 0, seen => seen, seconds: 20, everyMilliseconds: 300);

    private async Task<string> InHostAsync(LabHost host, string[] command)
    {
        var leader = LabProcesses.LeaderOf(segment.Addresses.ObjectOf(host.Name));
        return (await LabCommands.TryAsync(["nsenter", "--target", $"{leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--",
            .. command], Token)).Output;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
