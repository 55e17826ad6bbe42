using System.Text.Json.Nodes;
using LbRunbook.Lab;
using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

public sealed class KeepalivedFaultLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--keepalived"];
}

/// <summary>Without VRRP both nodes are master: nobody can elect one of them, and lbctl must not say that it had.</summary>
public sealed class VrrpCutTests(KeepalivedFaultLab lab) : IClassFixture<KeepalivedFaultLab>, IAsyncDisposable
{
    public const string Row = "VRRP alone is cut (keepalived)";
    private const string Both = "v4 on lb1+lb2, v6 on lb1+lb2";

    [Fact]
    public async Task Failover_VrrpIsCut_FailsAndLeavesEverythingAsItWas()
    {
        lab.Require();
        var segment = new LabSegment(lab.State);
        using var op = Operator.At(segment);
        await HoldersAsync(segment, LabSegment.BothOn("lb1"));
        await lab.BreakAsync("vrrp-cut", "lb1");
        await HoldersAsync(segment, Both);

        var assessed = await op.RunAsync("assess");
        Assert.Contains("VipDuplicate", assessed.Output, StringComparison.Ordinal);
        var report = await op.RunAsync("failover", "lb1", "lb2");
        Assert.True(report.ExitCode is 1 or 3, $"{report}");
        Assert.False((bool?)report.Outcome["changed"] == true, $"{report}");
        Assert.StartsWith("lbctl ", report.Next, StringComparison.Ordinal);
        Assert.Equal(Both, await segment.HoldersAsync());

        await lab.HealAsync();
        // keepalived itself ends it, and what lbctl had lowered is what it was: the better node wins.
        await HoldersAsync(segment, LabSegment.BothOn("lb1"));
        await FaultRun.SettledAsync(op);
        await op.ExpectAsync(0, "failover", "lb1", "lb2");
        await op.ExpectAsync(0, "undo");
        await HoldersAsync(segment, LabSegment.BothOn("lb1"));
        FaultTable.Verify(FaultTableTests.Table, FaultTableTests.AllRows, Row,
            FaultWords.OfAssess(assessed.ExitCode, JsonNode.Parse(assessed.Output)!), $"{report.ExitCode} ({report.Result})",
            FaultWords.OfRun(report, lab.Name), Both, "those of the fault", "`failover lb1 lb2`: 0");
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }

    private static Task<string> HoldersAsync(LabSegment segment, string expected) =>
        Support.Poll.UntilAsync(segment.HoldersAsync, holders => holders == expected, holders => holders);
}
