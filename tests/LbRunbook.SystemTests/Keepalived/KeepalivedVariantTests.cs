using LbRunbook.Lab;
using LbRunbook.Lab.Files;
using LbRunbook.SystemTests.Failover;
using Xunit;

namespace LbRunbook.SystemTests.Keepalived;

/// <summary>Whoever is master stays it: the configurations can be put back at once.</summary>
public sealed class NoPreemptFailoverTests(NoPreemptLab lab) : IClassFixture<NoPreemptLab>
{
    [Fact]
    public async Task Undo_OfAnEmergency_MovesBackAlthoughNobodyPreempts()
    {
        using var op = await lab.OperatorAsync();
        await op.ExpectAsync(0, "failover", "lb1", "lb2", "--emergency");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
        await op.ExpectAsync(0, "undo");
        await op.Segment.ExpectHolderAsync("lb1", "after the undo");
        Assert.Equal(lab.Written("lb1"), await lab.ConfigAsync("lb1"));
    }

    [Fact]
    public async Task LabElection_SecondNodeCameUpFirst_FirstNodeHoldsBoth()
    {
        using var op = await lab.OperatorAsync();
        await lab.ShAsync("lb1", "systemctl stop keepalived");
        await KeepalivedLab.BecomesAsync(op.Segment, LabSegment.BothOn("lb2"));
        await lab.ShAsync("lb1", "systemctl start keepalived");
        await new LabElection(lab.State).WaitAsync(LabBuilder.ReadyLimit, TestContext.Current.CancellationToken);
        await op.Segment.ExpectHolderAsync("lb1", "after the lab's own election");
    }
}

/// <summary>A tracked file lowers the priority: no configuration is touched, and no root is needed.</summary>
public sealed class TrackFileFailoverTests(TrackFileLab lab) : IClassFixture<TrackFileLab>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_TrackFile_MovesThereAndBackByItAlone(bool asOps)
    {
        using var op = await lab.OperatorAsync();
        string[] cluster = asOps ? ["--config", op.Write("ops.yaml", KeepalivedFailoverTests.OpsConfig(lab))] : [lab.Option];
        foreach (var (from, to, value) in ((string, string, string)[])[("lb1", "lb2", "-51\n"), ("lb2", "lb1", "0\n")])
        {
            var done = RunReport.Of(await op.RawAsync([.. cluster, "failover", from, to, "--output", "json"]));
            Assert.True(done.ExitCode == 0, done.ToString());
            await op.Segment.ExpectHolderAsync(to, $"after {from} to {to}");
            Assert.Equal(value, await lab.ShAsync("lb1", "cat " + KeepalivedFiles.TrackFile));
            Assert.Equal(lab.Written("lb1"), await lab.ConfigAsync("lb1"));
        }
    }
}
