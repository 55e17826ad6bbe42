using LbRunbook.Core.Files;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>
/// Finds the configuration: <c>--config</c>, then <c>LBCTL_CONFIG</c>, then the user's, then the machine's; never the current
/// folder, where a cloned repository could otherwise decide which hosts are logged in to. Beside each there may be <c>clusters/*.yaml</c>.
/// </summary>
internal static class ConfigLocator
{
    private const string FileName = "config.yaml";

    public static ConfigLocation Locate(ConfigRequest request)
    {
        if (NullIfEmpty(request.File) is { } file)
            return NullIfEmpty(request.Cluster) is { } inFolder ? Choose(ClusterFiles.Beside(file), inFolder) : new ConfigLocation
            {
                Path = file,
            };

        var cluster = NullIfEmpty(request.Cluster) ?? NullIfEmpty(request.Variable("LBCTL_CLUSTER"));
        if (NullIfEmpty(request.Variable("LBCTL_CONFIG")) is { } configured)
        {
            // What was named and is not there, or is no file, is the loader's error; a neighbour must not silently take its place.
            var isFile = File.Exists(configured) && RegularFile.WhyNot(configured) is null;
            return cluster is null && !isFile ? new ConfigLocation { Path = configured } : Choose(ClusterFiles.Beside(configured), cluster);
        }

        var places = DefaultPlaces(request);
        foreach (var place in places)
        {
            var clusters = ClusterFiles.Beside(place);
            if (clusters.Count > 0) return Choose(clusters, cluster);
        }
        return new ConfigLocation
        {
            Problem = LocateProblem.NothingFound,
            Message = $"no configuration found. Looked for {string.Join(" and ", places)} (and clusters/*.yaml beside); --config FILE or "
                + "LBCTL_CONFIG names another.",
        };
    }

    private static ConfigLocation Choose(IReadOnlyList<ClusterFile> clusters, string? wanted)
    {
        var names = clusters.Select(c => c.Name).Distinct().ToList();
        if (wanted is null)
        {
            return clusters.Count == 1 ? Found(clusters[0], clusters) : new ConfigLocation
            {
                Problem = LocateProblem.SeveralClusters,
                Message = $"{clusters.Count} clusters are configured and none is named: {string.Join(", ", names)}. Name one with "
                    + "--cluster or LBCTL_CLUSTER.",
                Suggestion = names[0],
                Clusters = clusters,
            };
        }
        var matches = clusters.Where(c => c.Name == wanted).ToList();
        // A file may be called by its own name, too, as long as no cluster is called so.
        if (matches.Count == 0) matches = [.. clusters.Where(c => Path.GetFileNameWithoutExtension(c.Path) == wanted)];
        return matches.Count switch
        {
            1 => Found(matches[0], clusters),
            0 => new ConfigLocation
            {
                Problem = LocateProblem.UnknownCluster,
                Message = $"there is no cluster {Shown.Quoted(wanted)}; "
                    + $"{(names.Count == 0 ? "none is configured there" : $"configured: {string.Join(", ", names)}")}"
                    + $"{FieldRules.DidYouMean(wanted, names)}",
                Suggestion = Nearest.To(wanted, names) ?? names.FirstOrDefault(),
                Clusters = clusters,
            },
            _ => new ConfigLocation
            {
                Problem = LocateProblem.AmbiguousCluster,
                Message = $"cluster {Shown.Quoted(wanted)} is in {matches.Count} files: {string.Join(", ", matches.Select(m => m.Path))}. "
                    + "Rename one, or name the file with --config.",
                Clusters = clusters,
            },
        };
    }

    private static ConfigLocation Found(ClusterFile file, IReadOnlyList<ClusterFile> clusters) => new()
    {
        Path = file.Path,
        Clusters = clusters,
    };

    private static List<string> DefaultPlaces(ConfigRequest request)
    {
        if (request.Windows)
            return NullIfEmpty(request.Variable("APPDATA")) is { } roaming ? [Path.Combine(roaming, "lbctl", FileName)] : [];
        var places = new List<string>();
        // The XDG specification: a relative path is ignored.
        if (request.Variable("XDG_CONFIG_HOME") is { } xdg && xdg.StartsWith('/'))
            places.Add(Path.Combine(xdg, "lbctl", FileName));
        else if (request.Variable("HOME") is { } home && home.StartsWith('/'))
            places.Add(Path.Combine(home, ".config", "lbctl", FileName));
        places.Add(Path.Combine(request.SystemDirectory, FileName));
        return places;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
