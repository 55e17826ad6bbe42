using LbRunbook.Core.Plans;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Journal;
using LbRunbook.TestKit;

namespace LbRunbook.Tests.Engine.Journal;

/// <summary>Journals as runs would have left them, written line by line.</summary>
internal sealed class JournaledRuns(StatePaths state)
{
    public const string Cluster = "web-test";

    public JournalStore Store => new(state);

    /// <summary>One that changed an address.</summary>
    /// <param name="result">Null = it was killed in the middle.</param>
    public void Add(string id, RunResult? result = RunResult.Done, string? undoes = null, string? resumes = null, string cluster = Cluster)
    {
        using var journal = JournalWriter.Open(state, id, m => throw new InvalidOperationException(m));
        journal.Write(Start(id, undoes, resumes, cluster));
        journal.Write(new StepIntended(0, new VipAddStep("public", "lb2"), null, new VipRemoveStep("public", "lb2")));
        if (result is not { } ended)
            return;
        journal.Write(new StepFinished(0, StepStatus.Done, "it has it", 5));
        journal.Write(Outcome(ended));
    }

    public static RunStarted Start(string id, string? undoes = null, string? resumes = null, string cluster = Cluster) => new()
    {
        At = DateTimeOffset.UtcNow, RunId = id, Verb = undoes is null ? "failover" : "undo", Cluster = cluster, Environment = "lab",
        Title = $"run {id}", Plan = [new VipAddStep("public", "lb2"), new VipRemoveStep("public", "lb1")], Undoes = undoes,
        Resumes = resumes, User = "alice", Host = Environment.MachineName, Pid = SampleProcess.NoPid,
        Subjects = new Dictionary<string, string> { ["from"] = "lb1", ["to"] = "lb2" },
    };

    public static RunOutcome Outcome(RunResult result) => new()
    {
        Verb = "failover", Result = result, Changed = result is RunResult.Done or RunResult.Partial, ExitCode = 0,
    };
}
