using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>Shows a mutation from its plan to its outcome; a sibling each for humans and for machines.</summary>
internal interface IRunView : IDisposable
{
    /// <param name="before">What was seen before; null where nothing could be looked at.</param>
    void Planned(Fleet fleet, Plan plan, Observation? before);
    void OnEvent(RunEvent e);

    /// <summary>The end, whatever it is; also the only thing shown of a refusal.</summary>
    void Ended(Fleet fleet, RunOutcome outcome, Observation? after);
}
