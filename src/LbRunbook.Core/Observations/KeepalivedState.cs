using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>keepalived on one node, as its processes, its configuration and the kernel's addresses tell.</summary>
public sealed record KeepalivedState
{
    /// <summary>There is a process, frozen or not.</summary>
    public required bool Runs { get; init; }

    /// <summary>A process is stopped (state T): it announces nothing, and takes its addresses back when it is continued.</summary>
    public bool Frozen { get; init; }
    public string ConfigPath { get; init; } = "";

    /// <summary>
    /// What runs it where that is not its unit (a container, a supervisor): it cannot be stopped so that it stays stopped. Null = its unit.
    /// </summary>
    public string? RunBy { get; init; }

    /// <summary>Why not all of the configuration could be read; null = it was.</summary>
    public string? Error { get; init; }

    /// <summary>The login may change the configuration. Never with sudo: whoever writes keepalived's configuration is root.</summary>
    public bool MayEdit { get; init; }
    public IReadOnlyList<VrrpInstance> Instances { get; init; } = [];

    public VrrpInstance? InstanceOf(VirtualIp vip) => Instances.FirstOrDefault(i => i.Carries(vip.Address));
}

public sealed record VrrpInstance
{
    public required string Name { get; init; }
    public string Interface { get; init; } = "";
    public int RouterId { get; init; }
    public int Version { get; init; } = 2;

    /// <summary>As it stands in the configuration now.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>What stood there before lbctl lowered it; null = lbctl has not.</summary>
    public int? OriginalPriority { get; init; }

    /// <summary><c>MASTER</c> or <c>BACKUP</c>, as configured: how it starts.</summary>
    public string InitialState { get; init; } = "BACKUP";
    public double AdvertSeconds { get; init; } = 1;

    /// <summary>As a backup it leaves a master of lower priority alone.</summary>
    public bool NoPreempt { get; init; }
    public double PreemptDelaySeconds { get; init; }

    /// <summary>lbctl has commented <c>nopreempt</c> or <c>preempt_delay</c> out for a move that is not finished.</summary>
    public bool Eager { get; init; }
    public string? SyncGroup { get; init; }
    public IReadOnlyList<VrrpTrackFile> TrackFiles { get; init; } = [];

    /// <summary>Scripts, interfaces or processes change its priority, too: the effective one is only known to keepalived.</summary>
    public bool HasOtherTracking { get; init; }
    public IReadOnlyList<VrrpAddress> Addresses { get; init; } = [];

    /// <summary>Why its priority cannot be changed in the configuration; null = it can.</summary>
    public string? EditProblem { get; init; }
    public VrrpState State { get; init; }

    /// <summary>At least one of its addresses is on the node, whatever keepalived thinks.</summary>
    public bool Holds { get; init; }

    /// <summary>Null when something else than files has a say in it.</summary>
    public int? EffectivePriority =>
        HasOtherTracking ? null : Math.Clamp(Priority + TrackFiles.Sum(t => t.Weight * (t.Value ?? 0)), 1, 254);

    /// <summary>A master of lower priority is not safe from it.</summary>
    public bool Preempts => !NoPreempt || Eager;

    /// <summary>How long until a backup notices that its master is gone.</summary>
    public TimeSpan Detection =>
        TimeSpan.FromSeconds((3 * AdvertSeconds) + ((256 - Priority) / 256.0 * (Version == 2 ? 1 : AdvertSeconds)));

    public bool Carries(IPAddress address) => Addresses.Any(a => IPAddress.TryParse(a.Address, out var parsed) && parsed.Equals(address));
}

/// <param name="Path">The file whose number counts.</param>
/// <param name="Weight">What the number is multiplied with; 0 = any number but 0 is a fault.</param>
/// <param name="Value">What stands in it; null = it is not there or cannot be read.</param>
/// <param name="Writable">By the login, without sudo.</param>
public sealed record VrrpTrackFile(string Path, int Weight, int? Value, bool Writable);

/// <param name="Address">Without its prefix length.</param>
/// <param name="PrefixLength">As configured.</param>
/// <param name="Excluded">Not part of what is announced by VRRP (<c>virtual_ipaddress_excluded</c>).</param>
public sealed record VrrpAddress(string Address, int PrefixLength, bool Excluded = false);

public enum VrrpState
{
    /// <summary>keepalived does not run.</summary>
    Stopped,

    /// <summary>Its process is stopped.</summary>
    Frozen,
    Backup,
    Master,

    /// <summary>A tracked file says so.</summary>
    Fault,
}
