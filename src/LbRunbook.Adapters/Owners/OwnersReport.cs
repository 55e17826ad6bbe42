using System.Net;
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
                // What could not be read stands before its owner.
                case ["unread", ..]:
                    unread = true;
                    break;
                case ["owner", var name, .. var evidence] when AddressManager.Find(name) is not null:
                    var read = evidence is [.., "read"];
                    owners.Add(new(name, string.Join(' ', read ? evidence[..^1] : evidence), read, unread));
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
        return [.. owners.Select(o => new AddressOwner(o.Name, o.Evidence, [.. o.Addresses.Distinct()], o.Known, o.Resources))];
    }

    private sealed record Found(string Name, string Evidence, bool Read, bool Unread)
    {
        public List<string> Addresses { get; } = [];
        public Dictionary<string, string> Resources { get; } = [];

        /// <summary>Who names an address in its arguments names all of its own. The loopback's is nobody's.</summary>
        public bool Known => !Unread
            && (Read || Addresses.Any(a => IPAddress.TryParse(a, out var parsed) && !IPAddress.IsLoopback(parsed)
                && !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any)));
    }
}
