using LbRunbook.Core.Leases;

namespace LbRunbook.TestKit;

/// <summary>Who acts in tests: a process that certainly does not run any more.</summary>
internal static class SampleProcess
{
    public const int NoPid = 0x3ffffff;

    public static ProcessIdentity Gone { get; } = new("alice", Environment.MachineName, NoPid);
}
