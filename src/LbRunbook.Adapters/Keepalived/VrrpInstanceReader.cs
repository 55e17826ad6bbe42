using System.Globalization;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>One <c>vrrp_instance</c> block becomes what lbctl knows of it.</summary>
internal sealed class VrrpInstanceReader(KeepalivedDirective top, KeepalivedDaemon daemon, IReadOnlyCollection<string> held)
{
    public IReadOnlyList<VrrpInstance> All() =>
        [.. top.All("vrrp_instance").Where(i => i.HasBlock && i.Value is not null).Select(Read).DistinctBy(i => i.Name)];

    private VrrpInstance Read(KeepalivedDirective block)
    {
        var addresses = Addresses(block, "virtual_ipaddress", excluded: false)
            .Concat(Addresses(block, "virtual_ipaddress_excluded", excluded: true)).ToList();
        var lines = LinesOf(block);
        var suspended = lines.Where(KeepalivedMarks.IsSuspended).Select(KeepalivedMarks.SuspendedWords).ToList();
        var tracks = TrackFiles(block).ToList();
        var holds = addresses.Any(a => held.Contains(a.Address));
        var initial = block.Last("state")?.Value ?? "BACKUP";
        var priority = Number(block.Last("priority")?.Value, 100);
        var mark = block.Last("priority") is { } line && !line.Words[0].Derived
            ? KeepalivedMarks.Priority(line.Words[0].File.Lines[line.Words[0].Line])
            : null;
        var isIPv6 = addresses.Any(a => !a.Excluded && a.Address.Contains(':', StringComparison.Ordinal))
            || block.Last("native_ipv6") is not null;
        // keepalived itself ignores it where the instance begins as MASTER.
        var noPreempt = initial != "MASTER" && (block.Last("nopreempt") is not null || suspended.Any(w => w is [("nopreempt", _), ..]));
        return new()
        {
            Name = block.Value!,
            Interface = block.Last("interface")?.Value ?? "",
            RouterId = Number(block.Last("virtual_router_id")?.Value, 0),
            Version = isIPv6 ? 3 : Number(block.Last("version")?.Value ?? top.Last("global_defs")?.Last("vrrp_version")?.Value, 2),
            Priority = Math.Clamp(priority, 1, 255),
            OriginalPriority = mark?.Original,
            InitialState = initial,
            AdvertSeconds = Math.Clamp(Seconds(block.Last("advert_int")?.Value, 1), 0.01, 255),
            NoPreempt = noPreempt,
            PreemptDelaySeconds = Seconds(block.Last("preempt_delay")?.Value
                ?? suspended.Where(w => w is [("preempt_delay", _), _, ..]).Select(w => w[1].Text).FirstOrDefault(), 0),
            Eager = suspended.Count > 0,
            SyncGroup = top.All("vrrp_sync_group")
                .FirstOrDefault(g =>
                    g.All("group").SelectMany(m => m.Children).SelectMany(c => c.Words).Any(w => w.Text == block.Value))?.Value,
            TrackFiles = tracks,
            HasOtherTracking = ((string[])["track_script", "track_process", "track_bfd", "track_interface"]).SelectMany(block.All)
                .SelectMany(t => t.Children).Any(c => c.Words.Any(w => w.Text == "weight"))
                || block.All("track_script").Any(t => t.Children.Count > 0),
            Addresses = addresses,
            EditProblem = mark is not null
                ? null
                : block.Last("priority") is { } derived && derived.Words[0].Derived
                ? $"the priority of {block.Value} comes from a definition that others may use as well"
                : block.Last("priority") is null
                ? $"{block.Value} has no priority line"
                : $"the priority of {block.Value} is not a plain number alone on its line",
            Holds = holds,
            State = !daemon.Runs ? VrrpState.Stopped
                : daemon.Frozen ? VrrpState.Frozen
                : holds ? VrrpState.Master
                : tracks.Any(t => (t.Weight == 0 && t.Value is not (null or 0)) || (long)t.Weight * (t.Value ?? 0) < -253) ? VrrpState.Fault
                : VrrpState.Backup,
        };
    }

    private static IEnumerable<string> LinesOf(KeepalivedDirective block)
    {
        var (file, start) = (block.Words[0].File, block.Words[0].Line);
        if (block.Words[0].Derived)
            return [];
        return file.Lines.Skip(start).Take(Math.Max(0, Math.Min(block.EndLine, file.Lines.Count - 1) - start + 1));
    }

    private static IEnumerable<VrrpAddress> Addresses(KeepalivedDirective block, string name, bool excluded) =>
        from line in block.All(name).SelectMany(b => b.Children)
        where line.Words.Count > 0
        let parts = line.Words[0].Text.Split('/')
        select new VrrpAddress(parts[0],
            parts.Length > 1 ? Number(parts[1], 32) : parts[0].Contains(':', StringComparison.Ordinal) ? 128 : 32, excluded);

    private IEnumerable<VrrpTrackFile> TrackFiles(KeepalivedDirective block)
    {
        foreach (var use in block.All("track_file").SelectMany(t => t.Children).Where(c => c.Words.Count > 0))
        {
            var definition = top.All("track_file").Concat(top.All("vrrp_track_file")).LastOrDefault(d => d.Value == use.Name);
            if (definition?.Last("file")?.Value is not { } path)
                continue;
            var weights = use.Words.Skip(1).Select(w => w.Text).ToList();
            if (weights is not ["weight", ..])
                weights = [.. definition.Last("weight")?.Words.Select(w => w.Text) ?? ["weight", "1"]];
            var weight = Math.Clamp(Number(weights.Count > 1 ? weights[1] : null, 1), -254, 254);
            var seen = daemon.TrackFiles.GetValueOrDefault(path);
            yield return new(path, weights.Contains("reverse") ? -weight : weight, seen.Value, seen.Writable);
        }
    }

    private static int Number(string? text, int otherwise) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static double Seconds(string? text, double otherwise) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : otherwise;
}
