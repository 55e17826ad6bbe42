using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>How both nodes stood before a move: who held what, and every value that a move may change. What a way back leads to.</summary>
public sealed record VrrpBefore(IReadOnlyList<VrrpPairBefore> Pairs)
{
    internal static VrrpBefore Of(IEnumerable<VrrpPair> pairs, KeepalivedState? from, KeepalivedState? to) =>
        new([.. pairs.Select(p =>
            new VrrpPairBefore(p.Vip, VrrpKept.Of(from, p.From.Instance, p.From.TrackFile),
                VrrpKept.Of(to, p.To.Instance, p.To.TrackFile)))]);

    /// <returns>Null = written by an lbctl that did not know these.</returns>
    internal static VrrpBefore? Of(JsonNode? before) =>
        before?["pairs"] is null ? null : before.Deserialize(PlanJson.Default.VrrpBefore);

    internal JsonNode ToJson() => JsonSerializer.SerializeToNode(this, PlanJson.Default.VrrpBefore)!;

    /// <summary>The same instances as they stand now.</summary>
    internal VrrpBefore Now(KeepalivedState? from, KeepalivedState? to) =>
        new([.. Pairs.Select(p => new VrrpPairBefore(p.Vip, p.From?.Now(from), p.To?.Now(to)))]);

    internal VrrpBefore Swap() => new([.. Pairs.Select(p => p.Swap())]);

    internal bool HasHolders(VrrpBefore other) => Pairs.Select(p => p.Holders).SequenceEqual(other.Pairs.Select(p => p.Holders));

    public bool Equals(VrrpBefore? other) => other is not null && Pairs.SequenceEqual(other.Pairs);

    public override int GetHashCode() => Pairs.Count;
}

public sealed record VrrpPairBefore(string Vip, VrrpKept? From, VrrpKept? To)
{
    [JsonIgnore]
    internal (bool From, bool To) Holders => (From is { Holds: true }, To is { Holds: true });

    /// <summary>
    /// FROM alone had it, and would keep it with the values from then. What it had only because TO did not run comes back when TO is
    /// stopped again, and what both had is not made twice again.
    /// </summary>
    internal bool ComesBack(VrrpPair pair) =>
        Holders == (true, false) && (To is null || pair.To.NoPreempt || Effective(From!, pair.From) >= Effective(To, pair.To));

    private static int Effective(VrrpKept kept, VrrpSide side) => kept.Priority + side.Shift + (side.TrackWeight * kept.TrackValue);

    internal VrrpPairBefore Swap() => new(Vip, To, From);
}

/// <param name="Instance">Name of the vrrp_instance.</param>
/// <param name="Own">Its priority as written by whoever runs the cluster.</param>
/// <param name="Priority">As it stood: another one than its own is marked as lbctl's.</param>
/// <param name="Eager">What holds it back was out of force.</param>
/// <param name="Holds">It had its address.</param>
/// <param name="TrackFile">The file that lowers it; null = none.</param>
public sealed record VrrpKept(string Instance, int Own, int Priority, bool Eager, bool Holds, string? TrackFile = null, int TrackValue = 0)
{
    [JsonIgnore]
    internal VrrpSetting Setting => new(Instance, Priority == Own ? null : Priority, Eager);

    /// <summary>Somebody has written another priority since: what stands there now is theirs.</summary>
    internal bool IsSomebodyElses(VrrpInstance now) => now.Name == Instance && (now.OriginalPriority ?? now.Priority) != Own;

    /// <returns>The same instance as it stands now; null = it is not there.</returns>
    internal VrrpKept? Now(KeepalivedState? seen) => Of(seen, Instance, TrackFile);

    internal static VrrpKept? Of(KeepalivedState? seen, string instance, string? trackFile) =>
        seen?.Instances.FirstOrDefault(i => i.Name == instance) is { } i
        ? new(i.Name, i.OriginalPriority ?? i.Priority, i.Priority, i.Eager, i.Holds, trackFile,
            i.TrackFiles.FirstOrDefault(t => t.Path == trackFile)?.Value ?? 0)
        : null;
}
