using System.Net;
using System.Net.Sockets;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>Hosts, virtual IPs and interfaces.</summary>
internal static class AddressRules
{
    /// <summary>An address or a DNS name. What begins with '-' would be an option of ssh, so it is no host.</summary>
    public static string? Host(string text, out string value)
    {
        value = text;
        const string allowed = "must be an IP address or a DNS name";
        if (text.Length is 0 or > 253) return allowed;
        if (text[0] == '-') return $"{allowed}; it begins with '-', which ssh would read as an option";
        if (text.Contains("://", StringComparison.Ordinal)) return $"{allowed}, not a URL";
        if (text.Contains('@', StringComparison.Ordinal)) return $"{allowed}; the user belongs under ssh: {{user: …}}";
        if (text.Contains(':', StringComparison.Ordinal)) return IPv6Host(text, allowed);
        if (text.All(c => char.IsAsciiDigit(c) || c == '.'))
            return IsIPv4(text) ? null : $"is not an IPv4 address; {allowed}";
        return IsDnsName(text) ? null : $"is not a host; {allowed} (letters, digits, '-' and '.')";
    }

    private static string? IPv6Host(string text, string allowed)
    {
        if (IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.'))
            return null;
        if (text[0] == '[') return $"{allowed}; write an IPv6 address without brackets";
        return text.Count(c => c == ':') == 1 ? $"{allowed}; a port belongs under port:" : $"is not an IPv6 address; {allowed}";
    }

    /// <summary><c>IP[/prefix]</c>; without a prefix the whole address, which is what a virtual IP should be.</summary>
    public static string? VirtualIp(string text, out (IPAddress Address, int Prefix) value)
    {
        value = (IPAddress.None, 32);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        var isIPv6 = address.Contains(':', StringComparison.Ordinal);
        if (isIPv6 ? IPv6Host(address, "") is not null : !IsIPv4(address))
            return "is not an IP address; allowed: 192.0.2.10, 192.0.2.10/32, 2001:db8::10/128";
        var ip = IPAddress.Parse(address);
        var longest = isIPv6 ? 128 : 32;
        var prefix = longest;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], System.Globalization.NumberStyles.None, null, out prefix) || prefix < 1
            || prefix > longest))
            return $"has a prefix that does not exist; allowed: /1 to /{longest}, normally /{longest}";
        value = (ip, prefix);
        return IsUsable(ip) ? null : "cannot be a virtual IP: it is unspecified, loopback, multicast, broadcast or IPv4 inside IPv6";
    }

    /// <summary>A Linux interface name: at most 15 characters, never an option of ip(8).</summary>
    public static string? Interface(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 15 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
            && text.All(c => Characters.IsName(c) || c is ':' or '@')
            ? null
            : "is not an interface name; at most 15 characters of A-Z a-z 0-9 . _ - : @";
    }

    private static bool IsUsable(IPAddress ip) =>
        !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any) && !ip.Equals(IPAddress.Broadcast) && !IPAddress.IsLoopback(ip)
        && !ip.IsIPv6Multicast && !ip.IsIPv4MappedToIPv6
        && !(ip.AddressFamily == AddressFamily.InterNetwork && ip.GetAddressBytes()[0] is 0 or >= 224);

    // IPAddress.Parse alone takes "10" and "10.1" and octal; an operator never means those.
    private static bool IsIPv4(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4
            && parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0')
                && int.Parse(p) <= 255);
    }

    private static bool IsDnsName(string text) =>
        text.TrimEnd('.').Split('.').All(label =>
            label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-'
                && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
