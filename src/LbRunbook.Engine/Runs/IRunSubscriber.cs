using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// Hears everything that happens: journal, log, views, notifiers. Also of what never became a run: a refusal, a lock, an interruption is an
/// outcome without a run. Secrets have been taken out before.
/// </summary>
internal interface IRunSubscriber
{
    void On(RunEvent e);

    /// <summary>What could not be said here so far, for the outcome, which goes to all the others.</summary>
    /// <param name="journaled">The journal has all of it.</param>
    IEnumerable<string> Unsaid(string runId, bool journaled) => [];

    /// <summary>After the outcome: it was not told here; null = it was.</summary>
    string? OutcomeUnsaid() => null;
}
