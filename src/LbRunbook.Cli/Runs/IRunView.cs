using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

/// <summary>
/// Shows a change from its plan to its outcome, and whatever else its end is; a sibling each for humans and for machines.
/// </summary>
internal interface IRunView : IDisposable
{
    void On(RunEvent e);
}
