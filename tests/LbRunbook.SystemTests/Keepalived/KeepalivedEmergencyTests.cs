using LbRunbook.SystemTests.Failover;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

/// <summary>The proxy, keepalived itself or the whole host is in trouble.</summary>
public sealed class KeepalivedEmergencyTests(KeepalivedLab lab, ITestOutputHelper output) : IClassFixture<KeepalivedLab>
{
    [Fact]
    public async Task Failover_ProxyKilled_StopsKeepalivedThereAndUndoStartsItAgain()
    {
        using var op = await lab.OperatorAsync();
        await lab.BreakAsync("proxy-kill", "lb1");
        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        output.WriteLine($"took {done.Outcome["durationMs"]} ms");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        Assert.Equal("inactive", await lab.ServiceAsync("lb1"));

        var refused = await op.ExpectAsync(3, "undo");
        Assert.Contains("haproxy on lb1 does not answer", (string?)refused.Outcome["message"], StringComparison.Ordinal);
        await op.Segment.ExpectHolderAsync("lb2", "after the refused undo");

        await lab.HealAsync();
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal("active", await lab.ServiceAsync("lb1"));
    }

    [Fact]
    public async Task Failover_KeepalivedWasKilled_SweepsWhatItLeft()
    {
        using var op = await lab.OperatorAsync();
        await lab.KillAsync("lb1");
        await KeepalivedLab.BecomesAsync(op.Segment, "v4 on lb1+lb2, v6 on lb1+lb2");
        await ExpectFoundAsync(op, "VrrpLeftover", "lbctl --lab=" + lab.Name + " failover lb1 lb2");

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        await op.Segment.ExpectServedByAsync("lb2", "after the failover");
    }

    [Fact]
    public async Task Failover_VrrpIsCut_PutsBackWhatWasBeforeOnBoth()
    {
        using var op = await lab.OperatorAsync();
        await lab.BreakAsync("vrrp-cut", "lb1");
        await KeepalivedLab.BecomesAsync(op.Segment, "v4 on lb1+lb2, v6 on lb1+lb2");

        var failed = await op.ExpectAsync(1, "failover", "lb2", "lb1");
        Assert.Contains("the priorities are what they were", (string?)failed.Outcome["message"], StringComparison.Ordinal);
        Assert.Equal((lab.Written("lb1"), lab.Written("lb2")), (await lab.ConfigAsync("lb1"), await lab.ConfigAsync("lb2")));
        await lab.HealAsync();
        // What keepalived runs with, too: the priorities decide.
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));
    }

    [Fact]
    public async Task Failover_KeepalivedIsFrozen_KillsItSoThatItNeverFlipsBack()
    {
        using var op = await lab.OperatorAsync();
        await lab.FreezeAsync("lb1");
        await KeepalivedLab.BecomesAsync(op.Segment, "v4 on lb1+lb2, v6 on lb1+lb2");
        await ExpectFoundAsync(op, "VrrpStuck", "lbctl --lab=" + lab.Name + " failover lb1 lb2");

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await lab.ShAsync("lb1", "pkill -CONT -x keepalived || :");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        Assert.Equal("0\n", await lab.ShAsync("lb1", "pgrep -c -x keepalived || :"));
    }

    /// <summary>It goes on announcing itself, so its peer would never take over: it has to be off first.</summary>
    [Fact]
    public async Task Failover_OnlySshIsCut_FencesAndTheOtherKeepalivedTakesOver()
    {
        using var op = await lab.OperatorAsync();
        await using var fenced = new FencedLab(op, lab);
        var config = fenced.ConfigWith($"{{command: [{fenced.Agent($"exec {Lbctl.Binary} lab break host-kill \"$1\" --name {lab.Name}")}, "
            + $"'{{node}}'], timeout: 30s}}");
        await lab.BreakAsync("ssh-cut", "lb1");

        var done = await fenced.FailoverAsync(config);

        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.DoesNotContain("vip.add", done.Output, StringComparison.Ordinal);
        await op.Segment.ExpectServedByAsync("lb2", "after the fence");
        Assert.Equal("v4 on lb2, v6 on lb2", await op.Segment.HoldersOfLivingAsync());
    }

    [Fact]
    public async Task Failover_HostCutOff_WaitsForTheOtherKeepalivedAndAddsNothing()
    {
        using var op = await lab.OperatorAsync();
        await lab.BreakAsync("host-cut", "lb1");
        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        Assert.DoesNotContain("vip.add", done.Output, StringComparison.Ordinal);
        await op.Segment.ExpectServedByAsync("lb2", "while lb1 is cut off");
        Assert.Contains(done.Outcome["notes"]!.AsArray(), n => ((string)n!).Contains("when lb1 comes back", StringComparison.Ordinal));
        await lab.HealAsync();
        // As the note says: its own priority decides.
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));
    }

    [Fact]
    public async Task Assess_HealthyFleet_ShowsStatesAndPrioritiesAndFindsNothing()
    {
        using var op = await lab.OperatorAsync();
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));
        var human = await op.RawAsync(lab.Option, "assess");
        Assert.Contains("public keepalived: lb1 MASTER (priority 150), lb2 BACKUP (priority 100)", human.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Vrrp", human.Output, StringComparison.Ordinal);
        var json = System.Text.Json.Nodes.JsonNode.Parse((await op.RawAsync(lab.Option, "assess", "--output", "json")).Output)!;
        var instance = json["nodes"]![1]!["keepalived"]!["instances"]![0]!;
        Assert.Equal(("public", "backup", 100, 51),
            ((string?)instance["name"], (string?)instance["state"], (int)instance["priority"]!, (int)instance["routerId"]!));
    }

    [Fact]
    public async Task Assess_VrrpIsCutBetweenTheNodes_IsASplitBrainAndItsCommandEndsIt()
    {
        using var op = await lab.OperatorAsync();
        const string Cut = "nft 'add table inet keep; add chain inet keep in { type filter hook input priority 0; }; add rule inet keep "
            + "in ip protocol 112 drop; add rule inet keep in ip6 nexthdr 112 drop'";
        foreach (var host in (string[])["lb1", "lb2"])
            await lab.ShAsync(host, Cut);
        try
        {
            await KeepalivedLab.BecomesAsync(op.Segment, "v4 on lb1+lb2, v6 on lb1+lb2");
            await ExpectFoundAsync(op, "VrrpSplitBrain", $"lbctl --lab={lab.Name} failover lb2 lb1 --emergency");
            await op.ExpectAsync(0, "failover", "lb2", "lb1", "--emergency");
            await op.Segment.ExpectHolderAsync("lb1", "after the command that assess names");

            // It was stopped for a reason, which a start would not mend.
            var assessed = await op.RawAsync(lab.Option, "assess");
            Assert.Contains("tcpdump", assessed.Output + assessed.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("systemctl start keepalived", assessed.Output + assessed.Error, StringComparison.Ordinal);

            // The sweep ends it in the same way.
            await lab.ShAsync("lb2", "systemctl start keepalived");
            await KeepalivedLab.BecomesAsync(op.Segment, "v4 on lb1+lb2, v6 on lb1+lb2");
            await op.ExpectAsync(0, "failover", "--sweep");
            await op.Segment.ExpectHolderAsync("lb1", "after the sweep");
        }
        finally
        {
            foreach (var host in (string[])["lb1", "lb2"])
                await lab.ShAsync(host, "nft delete table inet keep");
        }
    }

    private async Task ExpectFoundAsync(Operator op, string code, string next)
    {
        var seen = await op.RawAsync(lab.Option, "assess", "--output", "json");
        var findings = System.Text.Json.Nodes.JsonNode.Parse(seen.Output)!["findings"]!.AsArray();
        Assert.True(findings.Any(f => (string?)f!["code"] == code && (string?)f["severity"] == "critical" && (string?)f["next"] == next),
            $"{code} not found with {next}: {findings.ToJsonString()}");
    }
}
