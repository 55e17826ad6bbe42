using LbRunbook.Core.Plans;
using LbRunbook.Engine.Past;
using Xunit;

namespace LbRunbook.Tests.Engine.Past;

/// <summary>Old runs that are better left alone.</summary>
public sealed class PastRunGuardsTests : IDisposable
{
    private readonly JournaledLab _lab = new();

    public void Dispose() => _lab.Dispose();

    /// <summary>An upgrade in the middle of an incident: a step that has lost a word would be carried out without it.</summary>
    [Fact]
    public async Task UndoAndResume_WrittenByAnotherVersion_AreRefusedAndLeadOut()
    {
        await _lab.FailoverAsync(dieAfter: await JournaledLab.CountLinesAsync() - 2);
        var journal = _lab.State.RunFile("run");
        File.WriteAllText(journal, File.ReadAllText(journal)
            .Replace($"\"schema\":{RunEvent.CurrentSchema}", "\"schema\":1", StringComparison.Ordinal));

        // It is still in the history, and still unfinished.
        Assert.Equal("run", Assert.Single(_lab.Store.Newest(null)).RunId);
        foreach (var plan in (PlanResult[])[UndoPlanner.Build(_lab.Lab.Fleet, _lab.Past("run"), acceptLater: false),
            _lab.PlanResume("run")])
        {
            var refusal = Assert.Single(plan.Refusals);
            Assert.Equal(("same-version", "lbctl failover lb2 lb1"), (refusal.Guard, refusal.Next));
        }
    }
}
