using System.Globalization;

namespace LbRunbook.Core.Leases;

/// <summary>Who works on a cluster: written into the lock and into the lease, and shown to whoever comes second.</summary>
public sealed record LeaseHolder
{
    public required string User { get; init; }
    public required string Host { get; init; }
    public required int Pid { get; init; }

    /// <summary>In the kernel's clock ticks since boot; tells a process from a later one with the same number. 0 = not known.</summary>
    public long ProcessStart { get; init; }

    /// <summary>
    /// Names the process table that <see cref="Pid"/> is a number of; empty = not known, then nobody can say that the process is gone.
    /// </summary>
    public string Place { get; init; } = "";
    public required string Verb { get; init; }

    /// <summary>As it was typed.</summary>
    public required string Command { get; init; }
    public required string RunId { get; init; }

    /// <summary>By the holder's own clock: for reading, never for arithmetic.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>"alice@desk, pid 4711, with lbctl failover lb1 lb2 (run 2026…), since 2026-01-02 03:04:05 UTC".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{User}@{Host}, pid {Pid}, with {Command} (run {RunId}), since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC");
}
