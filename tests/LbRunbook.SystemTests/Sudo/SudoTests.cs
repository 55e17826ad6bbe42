using System.Text.Json.Nodes;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Sudo;

/// <summary>A login that is not root, with the rules of config/sudoers.d/lbctl and nothing else.</summary>
public sealed class SudoTests(LabFixture lab) : IClassFixture<LabFixture>, IAsyncDisposable
{
    private const string Rules = "/etc/sudoers.d/lbctl";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Assess_WithTheRules_IsOkAndComplete()
    {
        lab.Require();
        var seen = await SettledAsync();

        Assert.Empty(seen["incomplete"]!.AsArray());
        Assert.All(seen["nodes"]!.AsArray(), n =>
        {
            Assert.Equal("ok", (string?)n!["reach"]);
            Assert.True((bool?)n["service"]!["active"]);
            Assert.True((bool?)n["proxy"]!["answers"], n.ToJsonString());
            Assert.Empty(n["incomplete"]!.AsArray());
            Assert.NotNull(n["resources"]);
            Assert.NotNull(n["configHash"]);
            // Both sockets, by the group alone.
            Assert.DoesNotContain("not visible", n.ToJsonString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task FailoverAndUndo_WithTheRules_MoveBothAddressesWhileClientsAreServed()
    {
        lab.Require();
        await SettledAsync();
        await using var client = new VipClient([lab.Addresses.VipV4, $"[{lab.Addresses.VipV6}]"]);

        await ExpectAsync(0, "failover", "lb1", "lb2");
        await client.ExpectServedByAsync("lb2");
        await ExpectAsync(0, "undo");
        await client.ExpectServedByAsync("lb1");

        // Connections that cross the change may be reset; nobody may be left waiting for an announcement.
        Assert.InRange(client.LongestGap, TimeSpan.Zero, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task Restart_WithTheRules_WorksAndTellsWhyNot()
    {
        lab.Require();
        await lab.ExecAsync("lb2", "systemctl", "disable", "--now", "haproxy");
        await ExpectAsync(0, "failover", "lb1", "lb2");
        await ExpectAsync(0, "undo");

        await lab.ExecAsync("lb2", "sh", "-c", "echo nonsense >>/etc/haproxy/haproxy.cfg");
        var refused = await RunAsync("failover", "lb1", "lb2");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("nonsense", refused.Output + refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recover_WithTheRules_RestartsTheBackendAndBringsItBack()
    {
        lab.Require();
        await SettledAsync();
        await Backends.BackendFaults.KillAsync(lab, "web1");
        var output = await ExpectAsync(0, "auto-recover", "web1", "--ramp", "1s", "--output", "json");
        Assert.Contains("\"level\":\"RESOLVED\"", output, StringComparison.Ordinal);
        // Without its rule nothing is isolated that could not be brought back.
        await Backends.BackendFaults.KillAsync(lab, "web1");
        await lab.ExecAsync("web1", "sed", "-i", "s/systemctl restart lab-backend/systemctl restart other/", Rules);
        var refused = await RunAsync("auto-recover", "web1");
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("no rule for systemctl restart lab-backend", (refused.Output + refused.Error).ReplaceLineEndings(" "),
            StringComparison.Ordinal);
        await lab.ExecAsync("web1", "sed", "-i", "s/systemctl restart other/systemctl restart lab-backend/", Rules);
        await lab.ExecAsync("web1", "systemctl", "start", "lab-backend");
    }

    [Fact]
    public async Task RulesRemoved_FailoverIsRefusedAndNothingChanges()
    {
        lab.Require();
        await SettledAsync();
        await lab.ExecAsync("lb2", "mv", Rules, "/root/lbctl.rules");

        var finding = Finding(await AssessAsync(expected: 1), "SudoRefused", "lb2");
        Assert.Contains("a password is required", (string?)finding["message"], StringComparison.Ordinal);
        Assert.StartsWith("ssh ", (string?)finding["next"], StringComparison.Ordinal);
        await ExpectRefusedAsync("lb2");
    }

    /// <summary>Rules for another interface: the list of rules is given without a password, and yet nothing could be changed.</summary>
    [Theory]
    [InlineData("lb1")]
    [InlineData("lb2")]
    public async Task RulesForAnotherInterface_FailoverIsRefusedAndNothingChanges(string host)
    {
        lab.Require();
        await SettledAsync();
        await lab.ExecAsync(host, "cp", "-p", Rules, "/root/lbctl.rules");
        await lab.ExecAsync(host, "sed", "-i", "s/addr del \\* dev eth0/addr del * dev ens3/", Rules);

        Assert.Contains("no rule for ip addr del", (string?)Finding(await AssessAsync(expected: 1), "SudoRefused", host)["message"],
            StringComparison.Ordinal);
        await ExpectRefusedAsync(host);
    }

    /// <summary>What the rules are for: nothing else.</summary>
    [Theory]
    [InlineData("sh -c id")]
    [InlineData("cat /etc/shadow")]
    [InlineData("ip addr replace 10.0.0.1/32 dev eth1")]
    [InlineData("ip netns exec x sh")]
    [InlineData("sysctl -qw net.ipv4.conf.eth0.promote_secondaries=1 kernel.core_pattern=x")]
    [InlineData("systemctl start ssh")]
    [InlineData("systemctl restart ssh")]
    [InlineData("journalctl -u haproxy")]
    [InlineData("haproxy -c -f /tmp/haproxy.cfg")]
    public async Task Rules_AnythingElse_IsRefused(string command)
    {
        lab.Require();
        // The control: the same question about a command that is in the rules.
        Assert.Equal(0, (await lab.ExecAsync("lb1", "su", "-c", "sudo -n -l -- ip addr replace 10.0.0.1/32 dev eth0", "ops")).ExitCode);
        Assert.NotEqual(0, (await lab.ExecAsync("lb1", "su", "-c", "sudo -n -l -- " + command, "ops")).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        if (!File.Exists(lab.Config))
            return;
        foreach (var host in (string[])["lb1", "lb2"])
            await lab.ExecAsync(host, "sh", "-c", $"[ ! -f /root/lbctl.rules ] || mv /root/lbctl.rules {Rules}");
        await lab.ExecAsync("lb2", "sed", "-i", "/^nonsense/d", "/etc/haproxy/haproxy.cfg");
        await lab.ExecAsync("lb2", "systemctl", "enable", "--now", "haproxy");
        await lab.HealAsync();
    }

    private async Task ExpectRefusedAsync(string host)
    {
        var before = await HoldersAsync();
        var result = await RunAsync("failover", "lb1", "lb2");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("sudo needs a password for ops there", result.Output + result.Error, StringComparison.Ordinal);
        Assert.Contains($"{host}: sudo needs", (result.Output + result.Error).ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(before, await HoldersAsync());
    }

    private async Task<string> HoldersAsync() =>
        (await lab.ExecAsync("lb1", "ip", "-br", "addr", "show", "eth0")).Output
            + (await lab.ExecAsync("lb2", "ip", "-br", "addr", "show", "eth0")).Output;

    private string Config => _folder.Write("config.yaml",
        File.ReadAllText(lab.Config).Replace("ssh:\n  user: root\n", "ssh:\n  user: ops\n  sudo: true\n", StringComparison.Ordinal)
            .Replace("ssh: {user: root}", "ssh: {user: ops}", StringComparison.Ordinal));

    private Task<ProcessResult> RunAsync(params string[] words) =>
        ChildProcess.RunAsync(new ProcessSpec(Lbctl.Binary, ["--config", Config, .. words])
        {
            Timeout = TimeSpan.FromMinutes(1),
            // "undo" must find the runs of this test alone.
            Environment = new Dictionary<string, string?> { ["XDG_STATE_HOME"] = _folder.Path, ["LBCTL_CLUSTER"] = null,
                ["NO_COLOR"] = "1" },
        }, TestContext.Current.CancellationToken);

    private async Task<string> ExpectAsync(int exitCode, params string[] words)
    {
        var result = await RunAsync(words);
        Assert.True(result.ExitCode == exitCode,
            $"lbctl {string.Join(' ', words)}: exit {result.ExitCode}, expected {exitCode}\n{result.Output}\n{result.Error}");
        return result.Output;
    }

    private async Task<JsonNode> AssessAsync(int expected) => JsonNode.Parse(await ExpectAsync(expected, "assess", "--output", "json"))!;

    private Task<JsonNode> SettledAsync() => Poll.UntilAsync(
        async () => JsonNode.Parse((await RunAsync("assess", "--output", "json")).Output)!,
        seen => (int?)seen["exitCode"] == 0 && seen["incomplete"]!.AsArray().Count == 0,
        seen => seen.ToJsonString());

    private static JsonNode Finding(JsonNode seen, string code, string subject) =>
        Assert.Single(seen["findings"]!.AsArray(), f => (string?)f!["code"] == code && (string?)f["subject"] == subject)!;
}
