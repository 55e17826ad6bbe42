using LbRunbook.Cli.Verbs.History;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.History;

public sealed class LastHolderTests
{
    private static RunRecord Run(
        string id, RunResult result = RunResult.Done, string? undoes = null, params (string, string)[] subjects) => new()
    {
        Start = new RunStarted
        {
            RunId = id, Verb = undoes is null ? "failover" : "undo", Cluster = "web-prod", Environment = "production", Title = "",
            Plan = [], Undoes = undoes,
            Subjects = subjects.ToDictionary(s => s.Item1, s => s.Item2), User = "ops", Host = "h", Pid = 1,
        },
        Intents = [], Finished = [], State = RunState.Finished,
        Outcome = new RunOutcome { Verb = "failover", Result = result, Changed = result is RunResult.Done or RunResult.Partial },
    };

    private static RunRecord Move(string id, string from, string to, RunResult result = RunResult.Done) =>
        Run(id, result, null, ("from", from), ("to", to));

    [Fact]
    public void Of_LastMove_IsItsTarget() => Assert.Equal("lb2", LastHolder.Of([Move("2", "lb1", "lb2"), Move("1", "lb2", "lb1")])!.Node);

    [Fact]
    public void Of_UndoneMove_IsWhereItCameFrom() =>
        Assert.Equal("lb1", LastHolder.Of([Run("2", undoes: "1"), Move("1", "lb1", "lb2")])!.Node);

    [Fact]
    public void Of_SweepAndRunsThatChangedNothing_DoNotCount() =>
        Assert.Equal("lb2", LastHolder
            .Of([Run("3", subjects: ("sweep", "lb1")), Move("2", "lb2", "lb1", RunResult.Refused), Move("1", "lb1", "lb2")])!.Node);

    [Fact]
    public void Of_HalfDoneMove_TellsNothing() =>
        Assert.Null(LastHolder.Of([Move("2", "lb1", "lb2", RunResult.Partial), Move("1", "lb2", "lb1")]));

    [Fact]
    public void Reminder_OnTheStandby_NamesTheWayBack()
    {
        var reminder = StandbyReminder.Of(Sample.Fleet, [Move("20260301-030000-000-failover", "lb1", "lb2")])!;
        Assert.Equal("lbctl failover lb2 lb1", reminder.Next);
        Assert.Contains("runs on its standby lb2 (priority 100) since run 20260301-030000-000-failover; lb1 (priority 150)", reminder.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Reminder_OnTheBestNode_IsSilent() => Assert.Null(StandbyReminder.Of(Sample.Fleet, [Move("1", "lb2", "lb1")]));
}
