using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>How a node's keepalived shall stand: during a move, and when it is over.</summary>
/// <param name="TrackFiles">Path → number.</param>
internal sealed record VrrpStand(IReadOnlyList<VrrpSetting> Settings, IReadOnlyDictionary<string, int> TrackFiles)
{
    /// <summary>What stood there before; null = the stand follows from the priorities alone.</summary>
    private IReadOnlyList<VrrpKept> Kept { get; init; } = [];

    /// <summary>The new master: its own priority, and nothing that keeps it from using it.</summary>
    public static VrrpStand OfWinner(IReadOnlyList<VrrpPair> pairs, bool during) =>
        Of(pairs.Select(p => (p.To, Lowered: (int?)null, Eager: during && p.To.HoldsBack)));

    /// <summary>The old one: lowered as long as it must be, which may be for good.</summary>
    public static VrrpStand OfLoser(IReadOnlyList<VrrpPair> pairs, bool during) =>
        Of(pairs.Select(p => (p.From, Lowered: p.MustLower && (during || p.WouldComeBack) ? p.Lowered : (int?)null, Eager: false)));

    /// <summary>As it was, but for what somebody else has written since.</summary>
    public static VrrpStand AsBefore(IEnumerable<VrrpKept?> kept)
    {
        var all = kept.OfType<VrrpKept>().ToList();
        return new([.. all.Select(k => k.Setting).DistinctBy(s => s.Instance)],
            all.Where(k => k.TrackFile is not null).DistinctBy(k => k.TrackFile).ToDictionary(k => k.TrackFile!, k => k.TrackValue))
        {
            Kept = all,
        };
    }

    public bool IsSo(KeepalivedState? seen) => seen is null || (!MissingSettings(seen).Any() && !MissingFiles(seen).Any());

    /// <summary>Instances whose priority somebody else has changed since: left as they are.</summary>
    public IEnumerable<string> SomebodyElses(KeepalivedState seen) =>
        Kept.Where(k => seen.Instances.Any(k.IsSomebodyElses)).Select(k => k.Instance).Distinct();

    /// <param name="seen">As it is now; null = keepalived is not used there.</param>
    public async Task MakeSoAsync(StepContext context, string nodeName, KeepalivedState? seen, CancellationToken cancellation)
    {
        if (seen is null)
            return;
        var node = context.Fleet.Node(nodeName);
        foreach (var (file, value) in MissingFiles(seen))
            await context.Ports.Keepalived.SetTrackFileAsync(node, file, value, cancellation);
        if (MissingSettings(seen).ToList() is { Count: > 0 } needed)
            await context.Ports.Keepalived.SetAsync(node, needed, cancellation);
    }

    private IEnumerable<VrrpSetting> MissingSettings(KeepalivedState seen) =>
        Settings.Where(s => seen.Instances.Any(i => i.Name == s.Instance && !s.Matches(i) && !Kept.Any(k => k.IsSomebodyElses(i))));

    private IEnumerable<KeyValuePair<string, int>> MissingFiles(KeepalivedState seen) =>
        TrackFiles.Where(f => (Value(seen, f.Key) ?? 0) != f.Value);

    private static int? Value(KeepalivedState seen, string file) =>
        seen.Instances.SelectMany(i => i.TrackFiles).FirstOrDefault(t => t.Path == file)?.Value;

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
