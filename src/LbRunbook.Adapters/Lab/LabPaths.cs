namespace LbRunbook.Adapters.Lab;

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

    /// <summary>A tmpfs: what the hosts write costs memory and disappears with one umount.</summary>
    public string Disk => $"{Directory}/disk";
    public string Upper(string host) => $"{Disk}/{host}/upper";
    public string Work(string host) => $"{Disk}/{host}/work";
    public string Root(string host) => $"{Directory}/root/{host}";
    public string Log(string host) => $"{Logs}/{host}.log";
    public string HostKey(string host) => $"{HostKeys}/{host}";
}
