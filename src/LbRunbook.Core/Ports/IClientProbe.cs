using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Ports;

/// <summary>Asks through a virtual IP as new clients would.</summary>
public interface IClientProbe
{
    /// <summary>Goes on until <paramref name="stop"/>, then tells what was seen.</summary>
    /// <returns>Null when nothing could be measured; never throws for what it sees.</returns>
    Task<TrafficGap?> MeasureAsync(VirtualIp vip, CancellationToken stop);
}
