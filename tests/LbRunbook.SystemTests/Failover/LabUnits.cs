using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The proxies' systemd units, asked of systemd on the hosts.</summary>
internal static class LabUnits
{
    public static async Task SystemctlAsync(this LabFixture lab, string host, params IReadOnlyList<string> arguments)
    {
        var result = await lab.ExecAsync(host, ["systemctl", .. arguments]);
        Assert.True(result.Ok, $"systemctl {string.Join(' ', arguments)} on {host}: {result.Output}{result.Error}");
    }

    /// <summary>"active, enabled".</summary>
    public static async Task<string> ProxyStateAsync(this LabFixture lab, string host)
    {
        // Their exit codes say the same once more.
        var active = await lab.ExecAsync(host, "systemctl", "is-active", "haproxy");
        var enabled = await lab.ExecAsync(host, "systemctl", "is-enabled", "haproxy");
        return $"{active.Output.Trim()}, {enabled.Output.Trim()}";
    }
}
