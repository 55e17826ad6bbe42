using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Locks;

/// <summary>
/// Operators with different logins on the nodes: root, and one that is not root and has the rules of config/sudoers.d/lbctl alone.
/// </summary>
public sealed class LeaseLoginTests(LabFixture lab) : IClassFixture<LabFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lease_OfTheOtherLogin_IsSeenAndTakenOver(bool rootFirst)
    {
        using var alice = await Operator.AtAsync(lab);
        using var bob = Operator.At(alice.Segment);
        // Whoever comes first makes the directory, with their own rights.
        foreach (var node in (string[])["lb1", "lb2"])
            await lab.ExecAsync(node, "rm", "-rf", "/run/lbctl-lease");
        var (firstConfig, secondConfig) = rootFirst ? (lab.Config, OpsConfig) : (OpsConfig, lab.Config);
        alice.Variables["LBCTL_LEASE_TTL"] = "4s";
        using var first = alice.StartRaw("--config", firstConfig, "failover", "lb1", "lb2", "--output", "json");
        await first.ReadUntilAsync("run");
        first.Send(Signal.Stop);

        var refused = await RunAsync(bob, secondConfig);
        Assert.True(refused.ExitCode == 6, refused.ToString());
        Assert.Equal(first.Id, (int?)refused.Outcome["lockedBy"]!["holder"]!["pid"]);
        var took = await Poll.UntilAsync(() => RunAsync(bob, secondConfig), r => r.ExitCode != 6, r => r.ToString());
        Assert.True(took.ExitCode == 0, took.ToString());
        Assert.DoesNotContain("the lease is held on", took.Output, StringComparison.Ordinal);

        var before = await bob.Segment.EverythingAsync();
        first.Send(Signal.Continue);
        var late = await first.EndAsync();
        Assert.Equal(before, await bob.Segment.EverythingAsync());
        Assert.True(late.ExitCode is 0 or 1, late.ToString());
        // And back again, with the first one's login.
        Assert.Equal(0, (await RunAsync(alice, firstConfig, "lb2", "lb1")).ExitCode);
        Assert.Equal(0, (await bob.RawAsync("--config", secondConfig, "locks")).ExitCode);
    }

    /// <summary>The rules of an earlier lbctl: there is no lease then, which is said, and no emergency waits for it.</summary>
    [Fact]
    public async Task Lease_NoRuleForIt_WarnsAndGoesOn()
    {
        using var alice = await Operator.AtAsync(lab);
        foreach (var node in (string[])["lb1", "lb2"])
        {
            await lab.ExecAsync(node, "sh", "-c",
                "rm -rf /run/lbctl-lease; cp -p /etc/sudoers.d/lbctl /root/lbctl.rules; sed -i 's/, LBCTL_LEASE$//' /etc/sudoers.d/lbctl");
        }
        try
        {
            var report = await RunAsync(alice, OpsConfig);
            Assert.True(report.ExitCode == 0, report.ToString());
            Assert.Contains("no node keeps the lease", report.Output, StringComparison.Ordinal);
            Assert.Contains("password", report.Output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var node in (string[])["lb1", "lb2"])
                await lab.ExecAsync(node, "mv", "/root/lbctl.rules", "/etc/sudoers.d/lbctl");
        }
    }

    private string OpsConfig => _folder.Write("config.yaml",
        File.ReadAllText(lab.Config).Replace("ssh:\n  user: root\n", "ssh:\n  user: ops\n  sudo: true\n", StringComparison.Ordinal)
            .Replace("ssh: {user: root}", "ssh: {user: ops}", StringComparison.Ordinal));

    private static async Task<RunReport> RunAsync(Operator who, string config, string from = "lb1", string to = "lb2") =>
        RunReport.Of(await who.RawAsync("--config", config, "failover", from, to, "--output", "json"));
}
