using System.Net;

namespace LbRunbook.Adapters.Vip;

/// <summary>The local ends of what <c>ss -Htn</c> lists.</summary>
internal static class SocketList
{
    /// <param name="Address">Null = any address, IPv4 and IPv6.</param>
    /// <param name="Interface">Bound to this interface only.</param>
    internal sealed record LocalEnd(IPAddress? Address, string? Interface);

    /// <param name="output">Lines of <c>ss -Htn</c>, with or without the state column.</param>
    public static IReadOnlyList<LocalEnd> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Local).OfType<LocalEnd>()];

    /// <summary>The listener would take a connection to that address, whether or not the host holds it now.</summary>
    public static bool Accepts(LocalEnd listener, IPAddress address, string interfaceName) =>
        (listener.Interface is null || listener.Interface == interfaceName)
        && (listener.Address is null || listener.Address.Equals(address)
            || listener.Address.Equals(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
                ? IPAddress.Any
                : IPAddress.IPv6Any));

    // "LISTEN 0 128 10.0.0.1%eth0:80 0.0.0.0:*"; with a state filter ss leaves the first column out.
    private static LocalEnd? Local(string line)
    {
        var columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var first = columns.Length > 0 && char.IsAsciiDigit(columns[0][0]) ? 2 : 3;
        if (columns.Length <= first || columns[first].LastIndexOf(':') is var colon && colon < 0)
            return null;
        var text = columns[first][..colon];
        string? device = null;
        if (text.IndexOf('%', StringComparison.Ordinal) is var percent and >= 0)
        {
            device = text[(percent + 1)..].TrimEnd(']');
            text = text[..percent];
        }
        text = text.Trim('[', ']');
        if (text == "*")
            return new(null, device);
        if (!IPAddress.TryParse(text, out var address))
            return null;
        return new(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, device);
    }
}
