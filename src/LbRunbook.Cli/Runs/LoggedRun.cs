using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>The structured log as a subscriber: also what never became a run is in it.</summary>
internal sealed class LoggedRun : IRunSubscriber
{
    private string _runId = "none";

    public void On(RunEvent e)
    {
        switch (e)
        {
            case PlanMade or StepWaiting:
                break;
            case RunWarned warned when _runId == "none":
                Logs.Warning(warned.Message);
                break;
            case RunStarted started:
                _runId = started.RunId;
                Logs.Event(_runId, e);
                break;
            default:
                Logs.Event(_runId, e);
                break;
        }
    }

    public IEnumerable<string> Unsaid(string runId, bool journaled) =>
        Logs.Failure is { } log ? [$"the log could not be written ({log})"] : [];
}
