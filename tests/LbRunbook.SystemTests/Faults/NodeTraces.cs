using System.Text;
using LbRunbook.Adapters.Lab;
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

    private static readonly string[][] s_inHost =
    [
        ["sh", "-c", "systemctl list-units --all --plain --no-legend | grep lbctl | cut -d' ' -f1"],
        // The lease's directory stays, with the count of the leases that there were: only a lease in it is somebody's.
        ["sh", "-c", "find /run /tmp /var/tmp /var/lib -xdev -name '*lbctl*' -not -name lbctl-lease -not -path '/run/systemd/*' 2>/dev/null | sort; ls /run/lbctl-lease 2>/dev/null | grep -v ^count"],
        // What lbctl runs there for longer than a question: the repeated announcements.
        ["sh", "-c", "ps -eo args | grep -E '[s]h -s --|[a]rping|[n]dptool'"],
        ["sh", "-c", "cat /etc/haproxy/haproxy.cfg /etc/haproxy/lbctl.map | sha256sum"],
    ];

    /// <summary>When the announcements of the test before are over.</summary>
    public async Task<string> QuietAsync()
    {
        var now = "";
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(20), async () => !(now = await ReadAsync()).Contains("sh -s --", StringComparison.Ordinal), Token), now);
        return now;
    }

    public async Task<string> ReadAsync()
    {
        var seen = new StringBuilder();
        foreach (var host in segment.Lab.Proxies)
        {
            seen.AppendLine(host.Name);
            foreach (var command in s_inNetwork)
                seen.Append((await LabCommands.TryAsync(segment.InNamespace(host.Name, command), Token)).Output);
            var leader = LabProcesses.LeaderOf(segment.Addresses.ObjectOf(host.Name));
            foreach (var command in s_inHost)
                seen.Append((await LabCommands.TryAsync(["nsenter", "--target", $"{leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--", .. command], Token)).Output);
        }
        return seen.ToString();
    }

    public async Task ExpectAsync(string before, string when)
    {
        var now = "";
        if (!await Poll.UntilAsync(TimeSpan.FromSeconds(20), async () => (now = await ReadAsync()) == before, Token))
            Assert.Equal(before, $"{now}\n({when})");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
