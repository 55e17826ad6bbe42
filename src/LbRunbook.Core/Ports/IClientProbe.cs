using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Ports;

/// <summary>Asks through virtual IPs as new clients would.</summary>
public interface IClientProbe
{
    /// <summary>Goes on until <paramref name="stop"/>, then tells what was seen.</summary>
    /// <returns>One for each address that could be measured; never throws for what it sees.</returns>
    Task<IReadOnlyList<TrafficGap>> MeasureAsync(IReadOnlyList<VirtualIp> vips, CancellationToken stop);
}
