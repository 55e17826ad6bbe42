using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Runs;

/// <summary>
/// Whoever started an action says yes or no to its plan: a person at a terminal, a policy, the run that this one is a part of.
/// </summary>
internal interface IConsent
{
    /// <returns>False = no.</returns>
    /// <exception cref="OperatorException">Nobody can be asked, and what was said beforehand is not enough for this risk.</exception>
    /// <exception cref="OperationCanceledException">A signal came before the answer.</exception>
    Task<bool> ObtainAsync(Plan plan, CancellationToken interrupted);
}
