using LbRunbook.Lab;

namespace LbRunbook.SystemTests.Failover;

/// <summary>
/// The network as it is when something went wrong that no message explains: told with the failure, since it is gone afterwards.
/// </summary>
internal static class LabNetwork
{
    private static readonly string[][] s_questions =
    [
        ["ip", "-o", "addr", "show"],
        ["ip", "-6", "route", "show", "table", "local"],
        ["ip", "neigh", "show"],
        ["nft", "list", "ruleset"],
        ["ss", "-Htan"],
        ["nstat", "-asz", "TcpExtListenDrops", "Ip6InDiscards", "Ip6InAddrErrors", "Ip6OutNoRoutes", "Icmp6InErrors"],
    ];

    public static async Task<string> DescribeAsync(LabSegment segment)
    {
        var hosts = segment.Lab.Proxies.Select(h => h.Name).Append("client");
        var all = from host in hosts from question in s_questions select AskAsync(host, segment.InNamespace(host, question));
        var here = AskAsync("this machine", ["ip", "neigh", "show"]);
        return string.Join("\n", [.. await Task.WhenAll(all), await here]);
    }

    private static async Task<string> AskAsync(string host, IReadOnlyList<string> command)
    {
        // What the test waits for may have been cancelled: this must still be told.
        var answer = await LabCommands.TryAsync(command, CancellationToken.None);
        return $"--- {host}: {string.Join(' ', command.SkipWhile(w => w is "ip" or "netns" or "exec"))}\n{answer.Output}{answer.Error}";
    }
}
