using System.Text.Json;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Journal;
using LbRunbook.Engine.Past;
using LbRunbook.TestKit;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Runs in a fake world and in no time, with their journals in memory: through its JSON, as undo would read it.</summary>
internal sealed class RecordedRun(FakeFleet world)
{
    private readonly List<RunRecord> _chain = [];
    private readonly VirtualTime _time = new();

    /// <summary>The run and those that went on with it.</summary>
    public IReadOnlyList<RunRecord> Chain => _chain;
    public PastRun Past => new() { Chain = _chain };

    public void Do(Plan plan, Mishap mishap) => _chain.Add(Run(plan, $"run{_chain.Count}", mishap));

    public PlanResult Resume() => ResumePlanner.Build(world.Fleet, Past, _time.GetUtcNow(), acceptLater: false, acceptOld: false);

    public (Plan Plan, RunRecord Run) Undo()
    {
        var plan = UndoPlanner.Build(world.Fleet, Past, acceptLater: false).Plan!;
        return (plan, Run(plan, "undo", Mishap.None));
    }

    /// <summary>A run from its plan to its undo, with what went wrong in between.</summary>
    public void DoAndJudge(Plan plan, Mishap mishap, bool resume)
    {
        var before = Snapshot.Of(world);
        Do(plan, mishap);
        if (resume && Resume().Plan is { } rest)
            Do(rest, Mishap.None);
        new Verdict(world, before, this).Check();
    }

    public T? Look<T>(Func<Task<T>> look) => _time.Run(look);

    private RunRecord Run(Plan plan, string id, Mishap mishap)
    {
        var lines = new List<string>();
        void Emit(RunEvent e)
        {
            if (e is not StepWaiting)
                lines.Add(PlanJson.Line(e));
        }
        using var interrupted = new CancellationTokenSource();
        var dead = false;
        mishap.Await(world, () =>
        {
            if (mishap.Kind == MishapKind.Kill)
                dead = true;
            else
                interrupted.Cancel();
        });
        Emit(RunStarted.Of(plan, id, _time.GetUtcNow(), SampleProcess.Gone));
        if (_time.Run(() => new PlanRunner(new StepContext(world.Fleet, world, _time), Emit).RunAsync(plan, interrupted.Token),
            () => dead) is { } outcome)
            Emit(outcome with { RunId = id });
        mishap.Over(world);
        return JournalStore.Assemble([.. lines.Select(l => JsonSerializer.Deserialize(l, PlanJson.Default.RunEvent)!)])!;
    }
}
