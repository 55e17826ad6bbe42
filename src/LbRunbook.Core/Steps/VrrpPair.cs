using System.Text.Json.Serialization;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>One virtual IP with the instance that carries it on either node. All values are the original ones, as written by whoever runs the cluster.</summary>
public sealed record VrrpPair(string Vip, VrrpSide From, VrrpSide To)
{
    public VrrpPair Swap() => new(Vip, To, From);

    /// <summary>Given its own priority again, the old master would take the address back.</summary>
    [JsonIgnore]
    public bool WouldComeBack => From.Priority > To.Priority && !From.NoPreempt;

    /// <summary>What the old master is lowered to: still the next one when the new master dies.</summary>
    [JsonIgnore]
    public int Lowered => From.OtherTracking ? 1 : Math.Max(1, To.Priority - 1);

    [JsonIgnore]
    public bool MustLower => From.Priority >= To.Priority;
}

/// <param name="Instance">Name of the vrrp_instance.</param>
/// <param name="Priority">Configured.</param>
/// <param name="NoPreempt">As a backup it leaves a lower master alone.</param>
/// <param name="HoldsBack">It does, or waits a while first: both must be out of force while it shall take over.</param>
/// <param name="OtherTracking">Scripts and the like change its priority by what lbctl does not know.</param>
/// <param name="TrackFile">A file that lowers its priority without touching the configuration; null = none.</param>
/// <param name="TrackWeight">What that file's number is multiplied with.</param>
public sealed record VrrpSide(string Instance, int Priority, bool NoPreempt, bool HoldsBack, bool OtherTracking = false, string? TrackFile = null, int TrackWeight = 0)
{
    /// <summary>The number that lowers it by at least so much.</summary>
    public int TrackValue(int by) => (int)Math.Ceiling((double)by / Math.Abs(TrackWeight)) * (TrackWeight > 0 ? -1 : 1);
}

/// <summary>How a node's keepalived shall stand: during a move, and when it is over. Pure.</summary>
/// <param name="Settings">In the configuration.</param>
/// <param name="TrackFiles">Path → number.</param>
internal sealed record VrrpStand(IReadOnlyList<VrrpSetting> Settings, IReadOnlyDictionary<string, int> TrackFiles)
{
    /// <summary>The new master: its own priority, and nothing that keeps it from using it.</summary>
    public static VrrpStand OfWinner(IReadOnlyList<VrrpPair> pairs, bool during) => Of(pairs.Select(p => (p.To, Lowered: (int?)null, Eager: during && p.To.HoldsBack)));

    /// <summary>The old one: lowered as long as it must be, which may be for good.</summary>
    public static VrrpStand OfLoser(IReadOnlyList<VrrpPair> pairs, bool during) =>
        Of(pairs.Select(p => (p.From, Lowered: p.MustLower && (during || p.WouldComeBack) ? p.Lowered : (int?)null, Eager: false)));

    private static VrrpStand Of(IEnumerable<(VrrpSide Side, int? Lowered, bool Eager)> sides)
    {
        var settings = new List<VrrpSetting>();
        var files = new Dictionary<string, int>();
        foreach (var (side, lowered, eager) in sides)
        {
            settings.Add(new(side.Instance, side.TrackFile is null ? lowered : null, eager));
            if (side.TrackFile is not { } file)
                continue;
            var value = lowered is { } to ? side.TrackValue(side.Priority - to) : 0;
            // Several instances may follow one file: the one that needs most decides.
            files[file] = files.TryGetValue(file, out var other) && Math.Abs(other) > Math.Abs(value) ? other : value;
        }
        return new(settings, files);
    }
}
