using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

/// <summary>Planned moves where keepalived runs with its defaults.</summary>
public sealed class KeepalivedFailoverTests(KeepalivedLab lab) : IClassFixture<KeepalivedLab>
{
    [Fact]
    public async Task Failover_PreemptingCluster_LeavesTheOldMasterLoweredAndSaysSo()
    {
        using var op = await lab.OperatorAsync();
        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        Assert.Contains(done.Outcome["notes"]!.AsArray(),
            n => ((string)n!).Contains("keeps priority 99 for public and public6", StringComparison.Ordinal)
                && ((string)n!).Contains("`lbctl failover lb2 lb1`", StringComparison.Ordinal));
        Assert.Contains("priority 99 # lbctl: was 150", await lab.ConfigAsync("lb1"), StringComparison.Ordinal);

        // What the note promises: neither a restart nor time brings it back.
        await lab.ShAsync("lb1", "systemctl restart keepalived");
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        await op.Segment.ExpectHolderAsync("lb2", "after keepalived on lb1 was restarted");

        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.ExpectAsync(0, "undo", done.RunId!);
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal(lab.Written("lb1"), await lab.ConfigAsync("lb1"));
    }

    [Fact]
    public async Task Failover_ConfigurationTestFails_LeavesEverythingAsItWas()
    {
        using var op = await lab.OperatorAsync();
        // A keepalived whose -t refuses whatever lbctl would write.
        await lab.ShAsync("lb1",
            "printf '#!/bin/sh\\ncase \"$*\" in *lbctl-new*) echo \"line 9: no\" >&2; exit 5;; esac\\nexec /usr/sbin/keepalived "
                + "\"$@\"\\n' >/usr/local/sbin/keepalived; chmod 755 /usr/local/sbin/keepalived");
        var failed = await op.ExpectAsync(5, "failover", "lb1", "lb2");
        Assert.Contains("keepalived -t on lb1 refuses the changed priority", (string?)failed.Outcome["message"], StringComparison.Ordinal);
        Assert.Contains("line 9: no", (string?)failed.Outcome["message"], StringComparison.Ordinal);
        await ExpectUntouchedAsync(op);
    }

    [Fact]
    public async Task Failover_TargetNeverTakesOver_PutsThePrioritiesBack()
    {
        using var op = await lab.OperatorAsync();
        // lb2 takes part in another election: it runs, has the address in its configuration, and never hears lb1.
        await lab.ShAsync("lb2",
            "nft 'add table inet keep; add chain inet keep out { type filter hook output priority 0; }; add rule inet keep out ip "
                + "protocol 112 drop; add rule inet keep out ip6 nexthdr 112 drop'");
        try
        {
            // It becomes master, and lb1 never hears of it: two holders, which must not be called done.
            var failed = await op.RunAsync("failover", "lb1", "lb2");
            Assert.True(failed.ExitCode is 4 or 5, failed.ToString());
            Assert.Contains("the priorities are what they were", (string?)failed.Outcome["message"], StringComparison.Ordinal);
            Assert.Equal(lab.Written("lb1"), await lab.ConfigAsync("lb1"));
        }
        finally
        {
            await lab.ShAsync("lb2", "nft delete table inet keep");
        }
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb1"));
    }

    [Fact]
    public async Task Failover_KilledInMidMove_UndoAndRepetitionConverge()
    {
        foreach (var takeBack in (bool[])[true, false])
        {
            using var op = await lab.OperatorAsync();
            using (var live = op.Start("failover", "lb1", "lb2"))
            {
                var started = await live.ReadUntilAsync("run");
                await live.ReadUntilAsync("intent",
                    started["plan"]!.AsArray().Select((s, i) => (Uses: (string?)s!["uses"], Index: i))
                        .First(s => s.Uses == "vrrp.move").Index);
                await Task.Delay(TimeSpan.FromSeconds(takeBack ? 1.2 : 0.4), TestContext.Current.CancellationToken);
                live.Send(9);
                await live.EndAsync();
            }
            await op.ExpectAsync(0, takeBack ? ["undo"] : ["resume"]);
            await op.Segment.ExpectHolderAsync(takeBack ? "lb1" : "lb2", takeBack ? "killed, then undone" : "killed, then resumed");
            if (takeBack)
                Assert.Equal(lab.Written("lb1"), await lab.ConfigAsync("lb1"));
        }
    }

    [Fact]
    public async Task Failover_KeepalivedOnTargetIsStopped_IsStartedFirst()
    {
        using var op = await lab.OperatorAsync();
        await lab.ShAsync("lb2", "systemctl stop keepalived");
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
    }

    [Fact]
    public async Task Failover_TargetDoesNotKnowTheAddress_Refuses()
    {
        using var op = await lab.OperatorAsync();
        await lab.ShAsync("lb2", "systemctl stop keepalived; rm /etc/keepalived/keepalived.conf");
        try
        {
            var refused = await op.ExpectAsync(3, "failover", "lb1", "lb2");
            Assert.Equal(["keepalived-target", "keepalived-target"], refused.Guards);
        }
        finally
        {
            await lab.ShAsync("lb2", "printf %s \"$1\" >/etc/keepalived/keepalived.conf; systemctl start keepalived", lab.Written("lb2"));
        }
    }

    [Fact]
    public async Task Failover_OperatorWithSudo_RefusesTheConfigurationAndNamesTheEmergency()
    {
        using var op = await lab.OperatorAsync();
        var config = op.Write("ops.yaml", OpsConfig(lab));
        var refused = RunReport.Of(await op.RawAsync("--config", config, "failover", "lb1", "lb2", "--output", "json"));
        Assert.Equal((3, "--emergency"), (refused.ExitCode, (string?)refused.Outcome["refusals"]![0]!["override"]));
        await ExpectUntouchedAsync(op);
        var done = RunReport.Of(await op.RawAsync("--config", config, "failover", "lb1", "lb2", "--emergency", "--output", "json"));
        Assert.True(done.ExitCode == 0, done.ToString());
        await op.Segment.ExpectHolderAsync("lb2", "after the emergency failover by ops");
    }

    internal static string OpsConfig(LabFixture lab) => File.ReadAllText(lab.Config)
        .Replace("ssh:\n  user: root\n", "ssh:\n  user: ops\n  sudo: true\n", StringComparison.Ordinal).Replace("ssh: {user: root}",
            "ssh: {user: ops}", StringComparison.Ordinal);

    private async Task ExpectUntouchedAsync(Operator op)
    {
        Assert.Equal((lab.Written("lb1"), lab.Written("lb2")), (await lab.ConfigAsync("lb1"), await lab.ConfigAsync("lb2")));
        Assert.Equal("keepalived.conf\n", await lab.ShAsync("lb1", "ls -A /etc/keepalived"));
        await op.Segment.ExpectHolderAsync("lb1", "after the failure");
    }
}
