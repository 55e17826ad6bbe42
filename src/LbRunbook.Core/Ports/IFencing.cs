using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Ports;

/// <summary>
/// Makes sure that a node which we cannot reach the usual way serves no virtual IP. Whether it worked is the wire's word, not the agent's.
/// </summary>
public interface IFencing
{
    /// <summary>Carries one method out, within its timeout. Never throws for a method that does not work: that is in the report.</summary>
    Task<FenceReport> FenceAsync(Node node, FenceMethod method, IReadOnlyList<VirtualIp> vips, CancellationToken cancellation);

    /// <summary>The method's own confirmation, asked once; null = it has none.</summary>
    Task<CheckResult?> ConfirmAsync(Node node, FenceMethod method, CancellationToken cancellation);

    /// <summary>
    /// The node's kernel, asked over its other address: it lives and holds none of these. False = it holds one, or could not be asked.
    /// </summary>
    Task<bool> GaveUpAsync(Node node, AddressFence over, IReadOnlyList<VirtualIp> vips, CancellationToken cancellation);
}

/// <param name="Acted">Something was done, or may have been: an agent that was started counts, whatever it said.</param>
/// <param name="Worked">It says that it worked.</param>
public sealed record FenceReport(bool Acted, bool Worked, string Detail);
