using System.Net;
using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>A manager of addresses that was found on a node.</summary>
/// <param name="Manager">See <see cref="AddressManager.Name"/>.</param>
/// <param name="Evidence">What was found: "process 812", "/etc/netplan/01.yaml".</param>
/// <param name="Addresses">Those that it names, in its process or its files.</param>
/// <param name="Known">It named some, or its files were read: what it does not name is not its own.</param>
/// <param name="Resources">Address → what the manager calls it.</param>
public sealed record AddressOwner(
    string Manager, string Evidence, IReadOnlyList<string> Addresses, bool Known, IReadOnlyDictionary<string, string> Resources)
{
    public bool Names(IPAddress address) => Addresses.Any(a => IPAddress.TryParse(a, out var parsed) && parsed.Equals(address));

    /// <summary>What is not known is not "not its own".</summary>
    public bool MayOwn(IPAddress address) => Names(address) || !Known;

    /// <summary>How it is asked to move the address.</summary>
    public string Advice(IPAddress address, string from, string to) =>
        AddressManager.Find(Manager)?.Advice(address, from, to,
            Resources.FirstOrDefault(r => IPAddress.TryParse(r.Key, out var parsed) && parsed.Equals(address)).Value) ?? "";
}
