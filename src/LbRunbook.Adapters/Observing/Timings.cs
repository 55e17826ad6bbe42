using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>How long each glance may take; all of them end with the budget in any case.</summary>
internal static class Timings
{
    /// <summary>A living host completes a handshake in milliseconds: after this the wire is asked about it.</summary>
    public static readonly TimeSpan BeforeAskingTheWire = TimeSpan.FromMilliseconds(100);

    /// <summary>What the witnesses get beyond the give-up time, so that a dead node is called so by two.</summary>
    public static readonly TimeSpan ForWitnesses = TimeSpan.FromMilliseconds(1700);

    /// <summary>When the first other has spoken: who else sees it is worth knowing, not worth waiting for.</summary>
    public static readonly TimeSpan ForTheRest = TimeSpan.FromMilliseconds(120);

    /// <summary>A login over a jump host takes its time.</summary>
    public static readonly TimeSpan BeforeAskingBehindJump = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan TcpSign = TimeSpan.FromSeconds(3);
    public static readonly TimeSpan DirectCheck = TimeSpan.FromSeconds(2);

    /// <summary>To let cancelled children go, when the budget is over.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Room = TimeSpan.FromSeconds(2);

    /// <summary>A check on a node has to come back before the budget ends, or the whole script would be lost with it.</summary>
    public static TimeSpan CheckTimeout(Fleet fleet, ObservationScope scope)
    {
        var room = scope.Budget - Room;
        var limit = fleet.Thresholds.Timeout < room ? fleet.Thresholds.Timeout : room;
        return limit < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : limit;
    }
}
