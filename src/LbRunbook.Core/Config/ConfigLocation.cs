namespace LbRunbook.Core.Config;

/// <summary>What was asked for, and the surroundings that answer it.</summary>
/// <param name="File"><c>--config</c></param>
/// <param name="Cluster"><c>--cluster</c></param>
/// <param name="Variable">Looks an environment variable up.</param>
internal sealed record ConfigRequest(string? File, string? Cluster, Func<string, string?> Variable)
{
    public bool Windows { get; init; } = OperatingSystem.IsWindows();

    /// <summary>The machine's own configuration; tests put a folder of theirs here.</summary>
    public const string DefaultSystemDirectory = "/etc/lbctl";

    public string SystemDirectory { get; init; } = DefaultSystemDirectory;
}

/// <summary>One configuration file and the cluster that it describes.</summary>
internal sealed record ClusterFile(string Name, string Path);

internal enum LocateProblem { None, NothingFound, SeveralClusters, UnknownCluster, AmbiguousCluster }

/// <summary>
/// The file to load, or why there is none. Whether the file can be read and is right is <see cref="ConfigLoader"/>'s business.
/// </summary>
internal sealed record ConfigLocation
{
    public string? Path { get; init; }
    public LocateProblem Problem { get; init; }

    /// <summary>What is wrong and what is allowed; empty when <see cref="Path"/> is set.</summary>
    public string Message { get; init; } = "";

    /// <summary>A cluster that could have been meant.</summary>
    public string? Suggestion { get; init; }
    public IReadOnlyList<ClusterFile> Clusters { get; init; } = [];
}
