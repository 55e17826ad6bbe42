using System.Text.Json.Nodes;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Steps;

namespace LbRunbook.Engine.Failover;

/// <summary>The virtual IPs of a failover that keepalived owns, and what is needed to let it move them.</summary>
internal sealed class ManagedVips(FailoverSituation now)
{
    /// <summary>SSH, a reload with its proof, a busy machine: what comes on top of the time in which a backup notices.</summary>
    private const int Slack = 10;

    public KeepalivedState? From { get; } = now.From.Keepalived;
    public KeepalivedState? To { get; } = now.To.Keepalived;
    public bool FromRuns => From is { Runs: true };
    public bool ToRuns => To is { Runs: true };

    /// <summary>
    /// A keepalived that runs on either node owns it, or one on TO that only waits to be started. With none of these nobody would
    /// move the address but us.
    /// </summary>
    public bool Owns(VirtualIp vip) => To?.InstanceOf(vip) is not null || (FromRuns && From!.InstanceOf(vip) is not null);

    /// <summary>Null = one of the two does not know it.</summary>
    public VrrpPair? Pair(VirtualIp vip) => (From?.InstanceOf(vip), To?.InstanceOf(vip)) is ({ } from, { } to)
        ? new(vip.Name, Side(From!, from), Side(To!, to))
        : null;

    /// <summary>How long TO may take to become master, whatever happens to FROM.</summary>
    public int Seconds(IEnumerable<VirtualIp> vips) => Slack + (int)Math.Ceiling(vips.Select(v => To!.InstanceOf(v)).OfType<VrrpInstance>()
        .Select(i => i.Detection.TotalSeconds).DefaultIfEmpty(0).Max());

    public VrrpMoveStep? Move(IReadOnlyList<VirtualIp> vips)
    {
        var pairs = vips.Select(Pair).OfType<VrrpPair>().ToList();
        return pairs.Count == vips.Count ? new(now.Request.From.Name, now.Request.To.Name, pairs, Seconds(vips)) : null;
    }

    /// <summary>
    /// Nobody's keepalived had them: FROM carried them alone, by hand or as a leftover. All or none, for keepalived on TO is stopped
    /// again in an undo, or it is not.
    /// </summary>
    public bool ComeBackByHand => !FromRuns && now.Vips.Where(Owns).All(now.ComesBack);

    /// <summary>How both stand now, as the step of a move would find it.</summary>
    public JsonNode Before(IReadOnlyList<VirtualIp> vips) => VrrpBefore.Of(vips.Select(Pair).OfType<VrrpPair>(), From, To).ToJson();

    /// <summary>The move changes the configuration of a node: its priority, or what keeps it from taking over.</summary>
    public IEnumerable<(Node Node, KeepalivedState State, VrrpInstance Instance)> Edited(IReadOnlyList<VirtualIp> vips)
    {
        foreach (var vip in vips)
        {
            if (Pair(vip) is not { } pair)
                continue;
            if (pair is { MustLower: true, From.TrackFile: null } || From!.InstanceOf(vip)!.OriginalPriority is not null)
                yield return (now.Request.From, From!, From!.InstanceOf(vip)!);
            if (pair.To.HoldsBack || To!.InstanceOf(vip)!.OriginalPriority is not null)
                yield return (now.Request.To, To!, To!.InstanceOf(vip)!);
        }
    }

    private VrrpSide Side(KeepalivedState state, VrrpInstance instance)
    {
        // A file that others follow would move them as well: those that FROM has go with it, those that TO has are to stay.
        bool MovesOthers(VrrpTrackFile track) =>
            state == To && state.Instances.Any(i => i.Holds && i.Name != instance.Name && i.TrackFiles.Any(t => t.Path == track.Path));
        var track = instance.TrackFiles.FirstOrDefault(t => t.Weight != 0 && t.Writable && !MovesOthers(t));
        return new(instance.Name, instance.OriginalPriority ?? instance.Priority, instance.NoPreempt,
            instance.NoPreempt || instance.PreemptDelaySeconds > 0,
            instance.HasOtherTracking, track?.Path, track?.Weight ?? 0,
            instance.TrackFiles.Where(t => t != track).Sum(t => t.Weight * (t.Value ?? 0)));
    }
}
