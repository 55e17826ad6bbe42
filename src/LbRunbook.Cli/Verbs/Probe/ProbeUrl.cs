using System.Net;
using System.Net.Sockets;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Probe;

/// <summary>What to ask: as typed, or what a VIP's own check asks.</summary>
internal static class ProbeUrl
{
    public static Uri Parse(string text)
    {
        var full = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"http://[{text}]/"
            : text.Contains("://", StringComparison.Ordinal) ? text
            : "http://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw Wrong(text, "not a URL");
        if (uri.Scheme is not ("http" or "https" or "tcp"))
            throw Wrong(text, $"the scheme is {uri.Scheme}");
        if (uri.Scheme == "tcp" && uri.Port <= 0)
            throw Wrong(text, "tcp:// needs a port");
        if (uri.UserInfo.Length > 0)
            throw Wrong(uri.Host, "a user or password in the URL is not sent, and would end up in reports");
        return uri;
    }

    private static OperatorException Wrong(string text, string why) =>
        new(ExitCode.Usage, $"{text}: {why}; allowed: http://HOST/PATH, https://HOST/PATH, tcp://HOST:PORT, or HOST alone",
            "lbctl probe --help");
}
