using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>Leaf certificates as PEM, each after a line with its file's name.</summary>
internal static class CertificateReader
{
    private const string FileMarker = "==file== ";
    private const string UnreadMarker = "==unread== ";

    public static IReadOnlyList<CertificateState> Read(IReadOnlyList<string> lines)
    {
        var found = new List<CertificateState>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith(FileMarker, StringComparison.Ordinal))
                continue;
            var path = lines[i][FileMarker.Length..];
            var pem = string.Join('\n',
                lines.Skip(i + 1).TakeWhile(l =>
                    !l.StartsWith(FileMarker, StringComparison.Ordinal) && !l.StartsWith(UnreadMarker, StringComparison.Ordinal)));
            if (Of(path, pem) is { } certificate)
                found.Add(certificate);
        }
        return found;
    }

    /// <summary>Files that the login may not read, with or without sudo.</summary>
    public static IEnumerable<string> Unread(IReadOnlyList<string> lines) =>
        lines.Where(l => l.StartsWith(UnreadMarker, StringComparison.Ordinal)).Select(l => l[UnreadMarker.Length..]);

    public static CertificateState Of(string path, X509Certificate2 certificate) =>
        new(path, certificate.Subject, new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));

    private static CertificateState? Of(string path, string pem)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(pem);
            return Of(path, certificate);
        }
        catch (CryptographicException)
        {
            // The proxy would not start with it either: its configuration test says so.
            return null;
        }
    }
}
