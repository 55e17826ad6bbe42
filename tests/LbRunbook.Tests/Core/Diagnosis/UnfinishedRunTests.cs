using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Tests.Engine;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

/// <summary>
/// After a kill between two holders assess says first what ends it: the run itself, and not a sweep that would be refused.
/// </summary>
public sealed class UnfinishedRunTests
{
    [Fact]
    public async Task Assess_KilledAtAnyLineAfterTheFirstChange_NamesTheResumeFirst()
    {
        var lines = await JournaledLab.CountLinesAsync();
        var between = 0;
        for (var k = 1; k < lines; k++)
        {
            using var lab = new JournaledLab();
            await lab.FailoverAsync(dieAfter: k);
            var run = lab.Store.Find("run")!;
            var findings = Assess(lab);
            if (!run.MayHaveChanged)
            {
                Assert.DoesNotContain(findings, f => f.Code == DiagnosisCode.RunUnfinished);
                continue;
            }
            Assert.Equal((DiagnosisCode.RunUnfinished, "lbctl resume run"), (findings[0].Code, findings[0].Next));
            Assert.Contains("was killed in the middle", findings[0].Message);
            Assert.Contains("lbctl undo run takes it back", findings[0].Message);
            between += findings.Any(f => f.Code == DiagnosisCode.VipDuplicate) ? 1 : 0;
            await lab.ResumeAsync("run", "run2");
            lab.ExpectHolder("lb2", $"killed after line {k}, then what assess said");
            Assert.DoesNotContain(Assess(lab), f => f.Code is DiagnosisCode.RunUnfinished or DiagnosisCode.VipDuplicate);
        }
        Assert.True(between > 1, $"only {between} kills fell between two holders");
    }

    [Fact]
    public async Task Assess_NothingElseIsWrong_IsAWarning()
    {
        using var lab = new JournaledLab();
        await lab.FailoverAsync(dieAfter: await JournaledLab.CountLinesAsync() - 1);
        Assert.Equal(Severity.Warning, Assess(lab).Single(f => f.Code == DiagnosisCode.RunUnfinished).Severity);
    }

    [Fact]
    public async Task Assess_OldRun_LooksAtItFirst()
    {
        using var lab = new JournaledLab();
        await lab.FailoverAsync(dieAfter: await JournaledLab.CountLinesAsync() - 2);
        Assert.Equal("lbctl history run",
            Assess(lab, DateTimeOffset.UtcNow.AddHours(2)).Single(f => f.Code == DiagnosisCode.RunUnfinished).Next);
    }

    [Fact]
    public async Task Assess_UndoneRun_IsFinished()
    {
        using var lab = new JournaledLab();
        await lab.FailoverAsync(dieAfter: await JournaledLab.CountLinesAsync() - 2);
        await lab.UndoAsync();
        Assert.DoesNotContain(Assess(lab), f => f.Code == DiagnosisCode.RunUnfinished);
    }

    private static IReadOnlyList<Finding> Assess(JournaledLab lab, DateTimeOffset? at = null) => Diagnoser.Diagnose(
        lab.Lab.Fleet, lab.Lab.Observe() with
        {
            TakenAt = at ?? DateTimeOffset.UtcNow,
        }, unfinished: UnfinishedRuns.Of(lab.Store, lab.Lab.Fleet.Cluster));
}
