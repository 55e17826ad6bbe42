using LbRunbook.Core.Leases;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Processes;

/// <summary>This machine's processes; see <see cref="LocalProcess"/>.</summary>
internal sealed class LocalProcesses : IProcessTable
{
    public bool IsGone(LeaseHolder holder) => LocalProcess.IsGone(holder);

    public bool IsAlive(LeaseHolder holder) => LocalProcess.IsAlive(holder);
}
