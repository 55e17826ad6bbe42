using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis;

/// <summary>What all who were asked together say of a node.</summary>
internal enum ReachVerdict
{
    /// <summary>We are logged in.</summary>
    Reached,

    /// <summary>No sign of life for two vantage points, of which one is not this machine.</summary>
    Down,

    /// <summary>Somebody sees it, or we do: only our login fails.</summary>
    Alive,

    /// <summary>Silent, but too few could look.</summary>
    Undecided,
}

/// <summary>One vantage point's word on a node.</summary>
/// <param name="Vantage">"here", or the name of the host that looked.</param>
/// <param name="Means">What was asked: "tcp" (its SSH port), "arp" (its address on the wire; ND for IPv6).</param>
internal sealed record Sighting(string Vantage, string Means, bool Alive);

internal static class ReachVerdicts
{
    /// <summary>This machine and one more, or two others: our own broken link looks like everybody's death.</summary>
    public const int VantagesForDown = 2;

    public static ReachVerdict Of(NodeObservation node)
    {
        if (node.Reach is Reach.Ok or Reach.SudoNeedsPassword)
            return ReachVerdict.Reached;
        var sightings = Sightings(node);
        if (sightings.Any(s => s.Alive))
            return ReachVerdict.Alive;
        var silentFor = sightings.Select(s => s.Vantage).Distinct().ToList();
        return silentFor.Count >= VantagesForDown && silentFor.Any(v => v != Vantage.Here) ? ReachVerdict.Down : ReachVerdict.Undecided;
    }

    public static IReadOnlyList<Sighting> Sightings(NodeObservation node)
    {
        var sightings = new List<Sighting>();
        if (node.TcpAnswers is { } tcp)
            sightings.Add(new(Vantage.Here, "tcp", tcp));
        // Who does not tell the hearing from the deaf says the same of all.
        var each = node.WireHeardBy.Count > 0 || node.WireAnswers != true;
        sightings.AddRange(node.WireVantages.Select(v => new Sighting(v, "arp", each ? node.WireHeardBy.Contains(v) : true)));
        return sightings;
    }

    /// <summary>"lb2 and client still see it", "no answer for here and client"; empty = nobody could look.</summary>
    public static string Words(NodeObservation node)
    {
        var sightings = Sightings(node);
        var seeing = Names(sightings.Where(s => s.Alive));
        var deaf = Names(sightings.Where(s => !s.Alive)).Except(seeing).ToList();
        return (seeing.Count, deaf.Count) switch
        {
            (0, 0) => "",
            (0, _) => $"no sign of life for {Join([.. deaf.Select(d => d == "we" ? "us" : d)])}",
            (_, 0) => $"{Join(seeing)} still {Sees(seeing)} it",
            _ => $"{Join(seeing)} still {Sees(seeing)} it, {Join(deaf)} {(deaf is [not "we"] ? "does" : "do")} not",
        };
    }

    private static List<string> Names(IEnumerable<Sighting> sightings) =>
        [.. sightings.Select(s => s.Vantage == Vantage.Here ? "we" : s.Vantage).Distinct()];

    private static string Sees(List<string> names) => names is [not "we"] ? "sees" : "see";

    private static string Join(List<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
}
