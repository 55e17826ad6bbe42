using System.Text.Json.Nodes;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Assess;

/// <summary><c>lbctl assess</c> against real daemons with one thing wrong at a time.</summary>
public sealed class AssessTests(LabFixture lab) : IClassFixture<LabFixture>, IAsyncDisposable
{
    [Fact]
    public async Task Assess_HealthyLab_IsOkAndComplete()
    {
        lab.Require();
        var seen = await SettledAsync();
        Assert.Equal(0, (int?)seen["exitCode"]);
        Assert.Empty(seen["incomplete"]!.AsArray());
        Assert.All(seen["nodes"]!.AsArray(), n =>
        {
            Assert.Equal("ok", (string?)n!["reach"]);
            Assert.True((bool?)n["service"]!["active"]);
            Assert.True((bool?)n["proxy"]!["answers"]);
            Assert.NotNull(n["resources"]);
            Assert.NotNull(n["configHash"]);
        });
        Assert.All(seen["vips"]!.AsArray(), v => Assert.Equal("lb1", (string?)v!["answeredBy"]));
        Assert.All(seen["pools"]![0]!["backends"]!.AsArray(), b =>
            Assert.Equal((2, 2), (b!["fromNodes"]!.AsObject().Count, b["onProxies"]!.AsObject().Count)));
    }

    [Fact]
    public async Task Assess_ProxyKilledOnHolder_IsCriticalAndNamesTheFailover()
    {
        lab.Require();
        await lab.BreakAsync("proxy-kill", "lb1");
        var seen = await AssessAsync(expected: 2);
        Assert.Equal($"lbctl {lab.Option} failover lb1 lb2", (string?)Finding(seen, "ProxyDown", "lb1")["next"]);
    }

    [Fact]
    public async Task Assess_BackendKilled_IsBackendDown()
    {
        lab.Require();
        await lab.BreakAsync("backend-kill", "web2");
        var seen = await AssessAsync(expected: 1);
        Finding(seen, "BackendDown", "web/web2");
        Finding(seen, "PoolDegraded", "web");
    }

    [Fact]
    public async Task Assess_FrozenHost_IsNodeDownAndTheRestIsComplete()
    {
        lab.Require();
        await lab.BreakAsync("host-freeze", "lb2");
        var seen = await AssessAsync(expected: 1);
        Finding(seen, "NodeDown", "lb2");
        Assert.True((double)seen["elapsedMs"]! < 10_000);
        Assert.Empty(seen["incomplete"]!.AsArray());
        var lb1 = seen["nodes"]!.AsArray().First(n => (string?)n!["name"] == "lb1")!;
        Assert.Equal("ok", (string?)lb1["reach"]);
        Assert.Empty(lb1["incomplete"]!.AsArray());
    }

    [Fact]
    public async Task Assess_OnlySshCut_IsNodeUnreachableAndAdvisesLooking()
    {
        lab.Require();
        await lab.BreakAsync("ssh-cut", "lb1");
        var seen = await AssessAsync(expected: 1);
        Assert.StartsWith("ssh -v", (string?)Finding(seen, "NodeUnreachable", "lb1")["next"]);
        Assert.DoesNotContain(seen["findings"]!.AsArray(), f => (string?)f!["code"] is "NodeDown" or "VipUnbound");
    }

    [Fact]
    public async Task Assess_VipOnTwoNodes_IsVipDuplicate()
    {
        lab.Require();
        var vip = lab.Addresses.VipV4 + "/32";
        await lab.ExecAsync("lb2", "ip", "addr", "add", vip, "dev", "eth0");
        try
        {
            Assert.Contains("lb1 and lb2", (string?)Finding(await AssessAsync(expected: 2), "VipDuplicate", "public")["message"]);
        }
        finally
        {
            await lab.ExecAsync("lb2", "ip", "addr", "del", vip, "dev", "eth0");
            await lab.ExecAsync("lb1", "arping", "-q", "-U", "-c", "1", "-I", "eth0", lab.Addresses.VipV4);
        }
    }

    [Fact]
    public async Task Assess_ConfigChangedOnOneNode_IsConfigDrift()
    {
        lab.Require();
        await lab.ExecAsync("lb2", "sed", "-i", "$a # not a change\\nbackend drifted", "/etc/haproxy/haproxy.cfg");
        try
        {
            Finding(await AssessAsync(expected: 1), "ConfigDrift", "lb1,lb2");
        }
        finally
        {
            await lab.ExecAsync("lb2", "sed", "-i", "/# not a change/d; /backend drifted/d", "/etc/haproxy/haproxy.cfg");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A skipped test has no lab to put right.
        if (!File.Exists(lab.Config))
            return;
        await lab.HealAsync();
        await SettledAsync();
    }

    private async Task<JsonNode> AssessAsync(int expected) =>
        JsonNode.Parse(await Lbctl.ExpectAsync(expected, lab.Option, "assess", "--output", "json"))!;

    /// <summary>After a fault the proxies need a few checks before they believe their backends again.</summary>
    private Task<JsonNode> SettledAsync() => Poll.UntilAsync(
        async () => JsonNode.Parse((await Lbctl.RunAsync(lab.Option, "assess", "--output", "json")).Output)!,
        seen => (int?)seen["exitCode"] == 0,
        seen => (string?)seen["verdict"] ?? seen.ToJsonString());

    private static JsonNode Finding(JsonNode seen, string code, string subject) =>
        Assert.Single(seen["findings"]!.AsArray(), f => (string?)f!["code"] == code && (string?)f["subject"] == subject)!;
}
