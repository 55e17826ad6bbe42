using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace LbRunbook.Adapters.Wire;

/// <summary>
/// One network card of this machine, as the kernel's files have it. Not from .NET's list of all cards: reading that list throws while
/// another card comes or goes (a container starts, a virtual IP moves), and we need one.
/// </summary>
/// <param name="Index">What raw sockets call it.</param>
/// <param name="Mac">6 bytes.</param>
/// <param name="LinkLocal">Its fe80:: address; <see cref="IPAddress.IPv6Any"/> when it has none.</param>
internal sealed record LocalCard(int Index, byte[] Mac, IPAddress LinkLocal)
{
    private const string AddressesFile = "/proc/net/if_inet6";

    /// <returns>null = no such card, or one without Ethernet addresses.</returns>
    public static LocalCard? Find(string name)
    {
        // A name is one part of a path; the kernel allows no slash in it either.
        var directory = Path.Combine("/sys/class/net", name);
        if (name.Contains('/', StringComparison.Ordinal) || !Directory.Exists(directory))
            return null;
        var address = File.ReadAllText(Path.Combine(directory, "address")).Trim();
        if (!PhysicalAddress.TryParse(address, out var mac) || mac.GetAddressBytes() is not { Length: 6 } bytes)
            return null;
        var index = int.Parse(File.ReadAllText(Path.Combine(directory, "ifindex")), CultureInfo.InvariantCulture);
        var addresses = File.Exists(AddressesFile) ? File.ReadAllText(AddressesFile) : "";
        return new(index, bytes, LinkLocalOf(name, addresses) ?? IPAddress.IPv6Any);
    }

    /// <param name="addresses">Lines of /proc/net/if_inet6: 32 hex digits, index, prefix length, scope (20 = link), flags, card.</param>
    public static IPAddress? LinkLocalOf(string name, string addresses)
    {
        foreach (var line in addresses.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [{ Length: 32 } hex, _, _, "20", _, var card] && card == name)
                return new(Convert.FromHexString(hex));
        }
        return null;
    }
}
