namespace LbRunbook.Lab;

/// <summary>The lab's own keys: one to log in with, one per host to be known by. None outlives the lab.</summary>
internal sealed class LabKeys(LabAddresses addresses, LabPaths paths)
{
    public async Task CreateAsync(IReadOnlyList<LabHost> hosts, CancellationToken cancellation)
    {
        Directory.CreateDirectory(paths.HostKeys);
        await Task.WhenAll(hosts.Select(h => GenerateAsync(paths.HostKey(h.Name), h.Name, cancellation))
            .Append(GenerateAsync(paths.Key, $"lbctl-lab-{paths.Name}", cancellation)));
        await File.WriteAllLinesAsync(paths.KnownHosts, hosts.Select(KnownHost), cancellation);
    }

    public string AuthorizedKey() => File.ReadAllText(paths.Key + ".pub");

    private string KnownHost(LabHost host)
    {
        var words = File.ReadAllText(paths.HostKey(host.Name) + ".pub").Split(' ');
        return $"{addresses.V4(host.Number)},{addresses.V6(host.Number)},{host.Name} {words[0]} {words[1].Trim()}";
    }

    private static Task<string> GenerateAsync(string file, string comment, CancellationToken cancellation) =>
        LabCommands.RunAsync("making a key", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", file], cancellation);
}
