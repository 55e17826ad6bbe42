using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>The certificate that a client is shown; null = no TLS there. Replaceable in tests.</summary>
internal delegate Task<CertificateState?> TlsGlimpse(string host, int port, string? serverName, CancellationToken cancellation);

internal static class TlsGlimpses
{
    public static async Task<CertificateState?> LookAsync(string host, int port, string? serverName, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host, port, cancellation);
            // Nothing is sent over this connection: an expired or foreign certificate is exactly what is looked for.
#pragma warning disable CA5359
            await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = serverName ?? host }, cancellation);
            return tls.RemoteCertificate is X509Certificate2 shown ? CertificateReader.Of($"{host}:{port}", shown) : null;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            return null;
        }
    }
}
