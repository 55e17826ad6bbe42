using LbRunbook.Core.Model;
using LbRunbook.Core.Text;

namespace LbRunbook.Core.Config;

/// <summary>Values that end up as arguments of ssh: nothing here may begin with '-' or smuggle a second option in.</summary>
internal static class SshRules
{
    /// <summary>Also what LBCTL_SSH may be.</summary>
    public static FieldRule<SshClientKind> Client { get; } = FieldRules.Choice(
        ("auto", SshClientKind.Auto), ("openssh", SshClientKind.OpenSsh), ("built-in", SshClientKind.BuiltIn));

    public static string? User(string text, out string value)
    {
        value = text;
        return text.Length is > 0 and <= 64 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_') && text.All(Characters.IsName)
            ? null
            : "is not a user name; allowed: A-Z a-z 0-9 . _ -, beginning with a letter, a digit or _";
    }

    /// <summary>A file here: ssh expands ~ itself. Quotes and line breaks would end the option's value.</summary>
    public static string? LocalPath(string text, out string value)
    {
        value = text;
        if (text.Length is 0 or > 1024 || text[0] == '-') return "must be a path; it may not be empty or begin with '-'";
        return text.Any(c => char.IsControl(c) || c is '"' or '\'') ? "must be a path without quotes and control characters" : null;
    }

    /// <summary>ssh splits this option at spaces into several files.</summary>
    public static string? KnownHosts(string text, out string value)
    {
        if (LocalPath(text, out value) is { } wrong) return wrong;
        return text.Any(char.IsWhiteSpace) ? "must be one path without spaces" : null;
    }

    /// <summary><c>[user@]host[:port][,…]</c></summary>
    public static string? Jump(string text, out string value)
    {
        value = text;
        foreach (var hop in text.Split(','))
        {
            var at = hop.LastIndexOf('@');
            if (at >= 0 && User(hop[..at], out _) is { } user)
                return $"must be [user@]host[:port]; the user {Shown.Quoted(hop[..at])} {user}";
            var (host, port) = SplitPort(hop[(at + 1)..]);
            if (AddressRules.Host(host, out _) is { } wrong)
                return $"must be [user@]host[:port], several separated by commas; the host {Shown.Quoted(host)} {wrong}";
            if (port is not null && FieldRules.Port(port, out _) is { } badPort)
                return $"must be [user@]host[:port]; the port {Shown.Quoted(port)} {badPort}";
        }
        return null;
    }

    private static (string Host, string? Port) SplitPort(string text)
    {
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is > 0 and var close)
            return (text[1..close], text.Length == close + 1 ? null : text[(close + 1)..].TrimStart(':'));
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == text.LastIndexOf(':') ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }
}
