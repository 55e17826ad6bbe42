using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Cli.Runs;

/// <summary>A view, and what becomes of its words where a stream cannot be written.</summary>
internal sealed class ShownRun(IRunView view, Streams streams) : IRunSubscriber
{
    /// <summary>For a reader that keeps up; a stopped terminal is not waited for.</summary>
    private static readonly TimeSpan KeepsUp = TimeSpan.FromMilliseconds(300);

    public void On(RunEvent e) => view.On(e);

    public IEnumerable<string> Unsaid(string runId, bool journaled)
    {
        streams.Drain(KeepsUp);
        foreach (var (name, loss) in new[] { ("stdout", streams.OutLoss), ("stderr", streams.ErrorLoss) })
            if (loss is not null)
                yield return $"{name} could not be written ({loss.Reason}){(journaled ? $": lbctl history {runId} has every step" : "")}";
    }

    public string? OutcomeUnsaid()
    {
        streams.Drain(KeepsUp);
        return streams.OutLoss is { } loss ? $"stdout could not be written ({loss.Reason}): the outcome was not told there" : null;
    }
}
