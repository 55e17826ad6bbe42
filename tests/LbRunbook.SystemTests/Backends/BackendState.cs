using LbRunbook.SystemTests.Lab;

namespace LbRunbook.SystemTests.Backends;

/// <summary>Everything of a lab that a verb on backends may change, field by field.</summary>
internal sealed class BackendState(LabFixture lab)
{
    /// <summary>Times and counters of checks: columns of <c>show servers state</c> that differ from second to second.</summary>
    private static readonly HashSet<string> s_passing =
        ["srv_time_since_last_change", "srv_check_status", "srv_check_result", "srv_check_health", "srv_check_state"];

    private bool IsHaproxy => lab.State.Proxy == "haproxy";
    private string Config => IsHaproxy ? "/etc/haproxy/haproxy.cfg" : "/etc/nginx/nginx.conf";

    public async Task<string> ReadAsync()
    {
        var spare = lab.State.FindHost("spare1") is null
            ? Task.FromResult("")
            : OutputAsync("spare1", "systemctl", "is-active", "lab-backend");
        return string.Join('\n', await Task.WhenAll(NodeAsync("lb1"), NodeAsync("lb2"), spare));
    }

    private async Task<string> NodeAsync(string node)
    {
        if (!IsHaproxy)
            return $"{node} {Config}:\n{await OutputAsync(node, "cat", Config)}";
        // Everything at once: each question to a host is a process here and there.
        var output = await OutputAsync(node, "sh", "-c",
            $"cat {Config}; echo ---; echo 'show servers state web;show stat' | socat -t 5 - /run/haproxy/admin.sock");
        var (config, servers) = (output.Split("---\n")[0], output.Split("---\n")[^1]);
        // "no check" would be a server that nobody watches. The effective weight is not computed anew before a server leaves maintenance.
        var status = servers.Split('\n').Select(l => l.Split(',')).Where(f => f.Length > 20 && f[0] == "web")
            .Select(f => $"{f[1]} {f[17].Split(' ')[0]} {(f[17] == "MAINT" ? "" : f[18])}");
        return $"{node} {Config}:\n{config}\n{node} servers:\n{Fields(servers.Split("# pxname")[0])}\n{node} "
            + $"status:\n{string.Join('\n', status)}";
    }

    /// <summary>What the next reload would start with, without the passing columns.</summary>
    public async Task<string> KeptAsync(string node) => Fields(await OutputAsync(node, "cat", "/var/lib/haproxy/server-state"));

    public async Task<string> SayAsync(string node, string command) =>
        await OutputAsync(node, "sh", "-c", $"echo '{command}' | socat -t 5 - /run/haproxy/admin.sock");

    public async Task<string> OutputAsync(string host, params string[] command) => (await lab.ExecAsync(host, command)).Output;

    private static string Fields(string text)
    {
        var lines = text.Split('\n').Where(l => l.Contains(' ', StringComparison.Ordinal)).ToList();
        var columns = lines.FirstOrDefault(l => l.StartsWith('#'))?.TrimStart('#', ' ').Split(' ') ?? [];
        return string.Join('\n',
            lines.Where(l => !l.StartsWith('#'))
                .Select(l => string.Join(' ',
                    l.Split(' ').Zip(columns).Where(f => !s_passing.Contains(f.Second)).Select(f => $"{f.Second}={f.First}"))).Where(l =>
                        l.Contains("be_name=web", StringComparison.Ordinal)));
    }
}
