using System.Text.Json.Nodes;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.History;
using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.SystemTests.Assess.AffinityLook;

namespace LbRunbook.SystemTests.Assess;

/// <summary>
/// Clients that come back, and what only several looks show, on real proxies. The looks are real; where a pattern takes half an hour, only
/// their times are moved.
/// </summary>
public sealed class AffinityTests(LabFixture lab) : IClassFixture<LabFixture>, IDisposable
{
    private const string Haproxy = "/etc/haproxy/haproxy.cfg";
    private readonly string _folder = Directory.CreateTempSubdirectory("lbctl-affinity-").FullName;

    [Fact]
    public async Task Affinity_BrokenKeptBrokenAgain_IsMeasuredAndRemembered()
    {
        lab.Require();
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
        var source = Promise(lab, _folder, "source: true");
        try
        {
            // Round robin: clients are promised something that nobody keeps.
            Assert.Contains("no node has a cookie, stick rule or hash",
                (string?)Finding(await AssessAsync(source), "AffinityBroken", "web")["message"]);

            foreach (var node in (string[])["lb1", "lb2"])
                await EditAsync(node, "s/balance roundrobin/balance source/");
            for (var i = 0; i < 3; i++)
                Kept(await AssessAsync(source), 3);

            await EditAsync("lb1", "s/balance source/balance roundrobin/");
            var once = await AssessAsync(source);
            Assert.Contains("although theirs is up", (string?)Finding(once, "AffinityBroken", "web")["message"]);
            Assert.DoesNotContain(once["findings"]!.AsArray(), f => (string?)f!["code"] == "AffinityBreakdown");
            var twice = await AssessAsync(source);
            Assert.Contains("in 100 % of requests until", (string?)Finding(twice, "AffinityBreakdown", "web")["message"]);
            Assert.Equal(2, (int?)twice["exitCode"]);
        }
        finally
        {
            await RestoreAsync();
        }
    }

    [Fact]
    public async Task Affinity_CookieOfHaproxy_IsKeptAndTheOtherNodesDifferenceIsFound()
    {
        lab.Require();
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
        const string Cookies = "s/balance roundrobin/&\\n    cookie SRV insert indirect nocache/; s/option redispatch/option persist/; ";
        try
        {
            await EditAsync("lb1", Cookies + "s/server web\\([0-9]\\) .*/& cookie s\\1/");
            await EditAsync("lb2", Cookies + "s/server web1 .*/& cookie s2/; s/server web2 .*/& cookie s3/; s/server web3 .*/& cookie s1/");
            var seen = await AssessAsync(Promise(lab, _folder, "cookie: SRV"));
            Kept(seen, 9);
            Assert.Contains("lb2 sends 3 of 3 clients", (string?)Finding(seen, "AffinityBroken", "web/lb2")["message"]);
            Assert.Contains("cookie SRV on lb1 and lb2, and have nowhere to go when it dies: option persist without option redispatch",
                (string?)Finding(seen, "AffinityWithoutBackup", "web")["message"]);
        }
        finally
        {
            await RestoreAsync();
        }
    }

    [Fact]
    public async Task Cascade_BackendsDieOneAfterTheOtherUnderLoad_IsFound()
    {
        lab.Require();
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
        await using var clients = new WhoServed(lab);
        try
        {
            await AssessAsync(lab.Config);
            await AssessAsync(lab.Config);
            await lab.BreakAsync("backend-kill", "web1");
            var first = await UntilAsync("BackendDown");
            Assert.DoesNotContain(first["findings"]!.AsArray(), f => (string?)f!["code"] == "CascadingFailure");
            await lab.BreakAsync("backend-kill", "web2");
            var message = (string?)Finding(await UntilAsync("CascadingFailure"), "CascadingFailure", "web")["message"];
            Assert.Matches(@"one after the other: web1 \(.*\), then web2 \(.*\); 1 of 3 left \(web3\), "
                + @"each with \d+ sessions/s instead of \d+$", message);
        }
        finally
        {
            await lab.HealAsync();
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
    }

    private async Task EditAsync(string node, string script)
    {
        await lab.ExecAsync(node, "cp", "-n", Haproxy, "/root/haproxy.cfg.before");
        await lab.ExecAsync(node, "sed", "-i", script, Haproxy);
        await ReloadAsync(node);
    }

    private async Task RestoreAsync()
    {
        foreach (var node in (string[])["lb1", "lb2"])
        {
            await lab.ExecAsync(node, "cp", "/root/haproxy.cfg.before", Haproxy);
            await ReloadAsync(node);
        }
    }

    /// <summary>A reload is over when no worker of before takes connections any more: until then either balancing may be met.</summary>
    private const string Reload = """
        old=$(pgrep -P "$(systemctl show -P MainPID haproxy)")
        systemctl reload haproxy || exit 1
        for worker in $old; do
            for _ in $(seq 100); do
                ss -Hltnp | grep -q "pid=$worker," || continue 2
                sleep 0.05
            done
            exit 2
        done
        """;

    private async Task ReloadAsync(string node)
    {
        var reloaded = await lab.ExecAsync(node, "sh", "-c", Reload);
        Assert.True(reloaded.ExitCode == 0, $"{node}: exit code {reloaded.ExitCode}: {reloaded.Output}{reloaded.Error}");
    }

    private Task<JsonNode> UntilAsync(string code) => Poll.UntilAsync(
        () => AssessAsync(lab.Config),
        seen => seen["findings"]!.AsArray().Any(f => (string?)f!["code"] == code),
        seen => (string?)seen["verdict"] ?? seen.ToJsonString());
}
