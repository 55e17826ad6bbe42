using LbRunbook.Core.Leases;

namespace LbRunbook.Core.Ports;

/// <summary>Whether the process that holds something still runs. Neither answer = nobody here can tell (another machine).</summary>
public interface IProcessTable
{
    /// <summary>True only when it is certain.</summary>
    bool IsGone(LeaseHolder holder);

    /// <summary>True only when it is certain, too.</summary>
    bool IsAlive(LeaseHolder holder);
}
