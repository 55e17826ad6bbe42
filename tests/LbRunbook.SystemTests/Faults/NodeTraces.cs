using System.Text;
using LbRunbook.Lab;
using LbRunbook.SystemTests.Failover;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>What a failover could leave on the nodes besides the addresses: equal before and some seconds after.</summary>
internal sealed class NodeTraces(LabSegment segment)
{
    // Counters and comments apart, which count and date.
    private static readonly string[][] s_inNetwork =
    [
        ["nft", "-s", "list", "ruleset"],
        ["sh", "-c", "iptables-save | grep -v '^#' | sed 's/ \\[.*//'"],
        ["sh", "-c", "ip6tables-save | grep -v '^#' | sed 's/ \\[.*//'"],
        ["ip", "-br", "addr", "show", "lo"],
        ["sh", "-c", "sysctl -a 2>/dev/null | grep -E 'arp_(ignore|announce)|promote_secondaries|accept_dad|nonlocal_bind'"],
    ];

    /// <summary>What lbctl runs there for longer than a question: the repeated announcements.</summary>
    private static readonly string[] Announcing = ["sh", "-c", "ps -eo args | grep -E '[s]h -s --|[a]rping|[n]dptool'"];

    private static readonly string[][] s_inHost =
    [
        ["sh", "-c", "systemctl list-units --all --plain --no-legend | grep lbctl | cut -d' ' -f1"],
        // The lease's directory stays, with the count of the leases that there were: only a lease in it is somebody's.
        ["sh", "-c", "find /run /tmp /var/tmp /var/lib -xdev -name '*lbctl*' -not -name lbctl-lease -not -path '/run/systemd/*' 2>/dev/null | sort; ls /run/lbctl-lease 2>/dev/null | grep -v ^count"],
        Announcing,
        ["sh", "-c", "cat /etc/haproxy/haproxy.cfg /etc/haproxy/lbctl.map | sha256sum"],
    ];

    /// <summary>When the announcements of the test before are over.</summary>
    public async Task<string> QuietAsync()
    {
        await WaitForAnnouncementsAsync();
        return await ReadAsync();
    }

    public async Task<string> ReadAsync()
    {
        var seen = new StringBuilder();
        foreach (var host in segment.Lab.Proxies)
        {
            seen.AppendLine(host.Name);
            foreach (var command in s_inNetwork)
                seen.Append((await LabCommands.TryAsync(segment.InNamespace(host.Name, command), Token)).Output);
            foreach (var command in s_inHost)
                seen.Append(await InHostAsync(host, command));
        }
        return seen.ToString();
    }

    public async Task ExpectAsync(string before, string when)
    {
        await WaitForAnnouncementsAsync();
        await Support.Poll.UntilAsync(ReadAsync, now => now == before, now => $"{when}:\n{now}\nexpected:\n{before}", seconds: 20, everyMilliseconds: 500);
    }

    /// <summary>That alone, for it takes seconds: everything that they may leave is much to ask for again and again.</summary>
    private async Task WaitForAnnouncementsAsync() => await Support.Poll.UntilAsync(
        async () => string.Concat(await Task.WhenAll(segment.Lab.Proxies.Select(h => InHostAsync(h, Announcing)))), seen => seen.Length == 0, seen => seen, seconds: 20, everyMilliseconds: 300);

    private async Task<string> InHostAsync(LabHost host, string[] command)
    {
        var leader = LabProcesses.LeaderOf(segment.Addresses.ObjectOf(host.Name));
        return (await LabCommands.TryAsync(["nsenter", "--target", $"{leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--", .. command], Token)).Output;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
