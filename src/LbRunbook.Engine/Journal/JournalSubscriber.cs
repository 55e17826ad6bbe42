using LbRunbook.Core.Plans;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Journal;

/// <summary>The durable record as a subscriber.</summary>
internal sealed class JournalSubscriber(JournalWriter journal) : IRunSubscriber
{
    public void On(RunEvent e) => journal.Write(e);

    public IEnumerable<string> Unsaid(string runId, bool journaled) => journal.Failure is { } file
        ? [$"the journal could not be written ({file}): history, undo and resume know this run in part, or not at all"]
        : [];
}
