namespace LbRunbook.Engine.Failover.Switches;

/// <summary>All ways in which traffic gets to a node, in the order in which they are moved.</summary>
internal static class TrafficSwitches
{
    public static IReadOnlyList<ITrafficSwitch> Of(FailoverSituation now) =>
    [
        new KeepalivedSwitch(now),
        new AddressSwitch(now),
    ];
}
