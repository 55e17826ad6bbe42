namespace LbRunbook.Lab;

/// <summary>Where a lab keeps what; everything is below one directory, so that one directory is all there is to take away.</summary>
internal sealed record LabPaths(string Name)
{
    public const string Labs = "/run/lbctl/labs";

    /// <summary>One symbolic link per used index: creating a link is atomic and says at once whose it is.</summary>
    public const string Indexes = "/run/lbctl/indexes";
    public const string NetworkNamespaces = "/run/netns";

    public string Directory => $"{Labs}/{Name}";
    public string Config => $"{Directory}/config.yaml";
    public string State => $"{Directory}/state.json";
    public string Lock => $"{Directory}/lock";
    public string Key => $"{Directory}/id_ed25519";
    public string KnownHosts => $"{Directory}/known_hosts";
    public string HostKeys => $"{Directory}/host-keys";
    public string Logs => $"{Directory}/log";

    public string Disk => $"{Directory}/disk";

    /// <summary>A tmpfs for each host: what it writes costs memory, disappears with one umount, and fills nobody else's disk.</summary>
    public string HostDisk(string host) => $"{Disk}/{host}";
    public string Upper(string host) => $"{HostDisk(host)}/upper";
    public string Work(string host) => $"{HostDisk(host)}/work";

    /// <summary>Takes the host's space without being seen by it.</summary>
    public string Fill(string host) => $"{HostDisk(host)}/fill";
    public string Root(string host) => $"{Directory}/root/{host}";
    public string Log(string host) => $"{Logs}/{host}.log";
    public string HostKey(string host) => $"{HostKeys}/{host}";
}
