using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Owners;

/// <summary>Parameters and output of <c>owners.sh</c>.</summary>
internal static class OwnersReport
{
    /// <summary>The first one is their count: what comes after them on the line is somebody else's.</summary>
    public static IReadOnlyList<string> Parameters(Fleet fleet, Node node) =>
    [
        $"{3 + (4 * AddressManager.All.Count)}",
        node.Ssh.Sudo ? "sudo" : "",
        string.Join('\n', fleet.Vips.Select(v => $"{v.Address}")),
        .. AddressManager.All.SelectMany(m => (string[])
            [m.Name, string.Join('|', m.Processes), string.Join('\n', m.Files), m.Moves ? "moves" : ""]),
    ];

    public static IReadOnlyList<AddressOwner> Read(IReadOnlyList<string> lines)
    {
        var owners = new List<Found>();
        var unread = false;
        foreach (var line in lines)
        {
            switch (line.Split(' '))
            {
                // What a file could not be read for stands before its owner.
                case ["unread", ..]:
                    unread = true;
                    break;
                case ["owner", var name, .. var evidence] when AddressManager.Find(name) is not null:
                    var read = evidence is [.., "read"] && !unread;
                    owners.Add(new(name, string.Join(' ', evidence is [.., "read"] ? evidence[..^1] : evidence), read));
                    unread = false;
                    break;
                case ["address", var address] when owners.Count > 0:
                    owners[^1].Addresses.Add(address);
                    break;
                case ["resource", var address, var id] when owners.Count > 0:
                    owners[^1].Resources[address] = id;
                    break;
            }
        }
        return [.. owners.Select(o => new AddressOwner(o.Name, o.Evidence, [.. o.Addresses.Distinct()], o.Read || o.Named, o.Resources))];
    }

    private sealed record Found(string Name, string Evidence, bool Read)
    {
        public List<string> Addresses { get; } = [];
        public Dictionary<string, string> Resources { get; } = [];

        /// <summary>Its own address, the loopback's or one that is none (a version, a time) say nothing about what it owns.</summary>
        public bool Named => Resources.Count > 0;
    }
}
