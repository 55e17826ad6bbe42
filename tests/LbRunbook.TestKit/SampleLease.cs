using LbRunbook.Core.Leases;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit;

internal static class SampleLease
{
    public static LeaseHolder Holder(string user, int pid = 4711) => new()
    {
        User = user,
        Host = "desk.example.com",
        Pid = pid,
        ProcessStart = 12345,
        Place = "elsewhere",
        Verb = "failover",
        Command = "lbctl failover lb1 lb2",
        RunId = $"20260102-030405-617-{user}",
        Since = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
    };

    public static LeaseClaim Claim(string user, double seconds = 30, string cluster = "web-test") =>
        new(cluster, LeaseIds.New(), TimeSpan.FromSeconds(seconds), Holder(user));
}
