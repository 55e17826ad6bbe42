using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>JSON Lines on stdout, flushed line by line: the plan, every event, and the outcome last. Nothing else is ever on stdout.</summary>
internal sealed class JsonRunView(TextWriter output, TimeProvider time) : IRunView
{
    private readonly Lock _gate = new();

    public void Planned(Fleet fleet, Plan plan, Observation? before) => Write(new PlanMade
    {
        At = time.GetUtcNow(),
        Verb = plan.Verb,
        Cluster = plan.Cluster,
        Environment = plan.Environment.ToString().ToLowerInvariant(),
        Title = plan.Title,
        Steps = [.. plan.Steps.Select(s => s.Step)],
        Warnings = plan.Warnings,
    });

    public void OnEvent(RunEvent e)
    {
        if (e is not RunOutcome)
            Write(e);
    }

    public void Ended(Fleet fleet, RunOutcome outcome, Observation? after) => Write(outcome);

    public void Dispose()
    {
    }

    private void Write(RunEvent e)
    {
        lock (_gate)
        {
            output.WriteLine(PlanJson.Line(e));
            output.Flush();
        }
    }
}
