using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// JSON Lines on stdout, flushed line by line: the plan, every event, and the outcome last. Nothing else is ever on stdout.
/// </summary>
internal sealed class JsonRunView(TextWriter output) : IRunView
{
    public void On(RunEvent e)
    {
        output.WriteLine(PlanJson.Line(e));
        output.Flush();
    }

    public void Dispose()
    {
    }
}
