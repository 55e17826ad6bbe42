using LbRunbook.SystemTests.Lab;

namespace LbRunbook.SystemTests.Scale;

public sealed class HaproxyScaleLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--spares", "2"];
}

public sealed class NginxScaleLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--proxy", "nginx", "--spares", "1"];
}

/// <summary>Everything of a lab that scaling may change, field by field.</summary>
internal sealed class ScaledState(LabFixture lab)
{
    /// <summary>Times and counters of checks: columns of <c>show servers state</c> that differ from second to second.</summary>
    private static readonly HashSet<string> s_passing =
        ["srv_time_since_last_change", "srv_check_status", "srv_check_result", "srv_check_health", "srv_check_state"];

    private bool IsHaproxy => lab.State.Proxy == "haproxy";
    private string Config => IsHaproxy ? "/etc/haproxy/haproxy.cfg" : "/etc/nginx/nginx.conf";

    public async Task<string> ReadAsync()
    {
        var parts = new List<string>();
        foreach (var node in (string[])["lb1", "lb2"])
        {
            parts.Add($"{node} {Config}:\n{await OutputAsync(node, "cat", Config)}");
            if (!IsHaproxy)
                continue;
            parts.Add($"{node} servers:\n{Fields(await SayAsync(node, "show servers state web"))}");
            // "no check" would be a server that nobody watches.
            parts.Add($"{node} status:\n{string.Join('\n', (await SayAsync(node, "show stat")).Split('\n').Select(l => l.Split(',')).Where(f => f.Length > 20 && f[0] == "web").Select(f => $"{f[1]} {f[17].Split(' ')[0]} {f[18]}"))}");
        }
        parts.Add($"spare1 {(await OutputAsync("spare1", "systemctl", "is-active", "lab-backend")).Trim()}");
        return string.Join('\n', parts);
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
        return string.Join('\n', lines.Where(l => !l.StartsWith('#')).Select(l => string.Join(' ', l.Split(' ').Zip(columns).Where(f => !s_passing.Contains(f.Second)).Select(f => $"{f.Second}={f.First}"))).Where(l => l.Contains("be_name=web", StringComparison.Ordinal)));
    }
}
