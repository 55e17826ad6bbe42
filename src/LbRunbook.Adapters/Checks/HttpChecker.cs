using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Checks;

/// <summary>One request on a connection of its own: no pool, proxy, cookie or redirect stands between us and the answer.</summary>
internal static class HttpChecker
{
    /// <summary>A health page is small; a download behind a wrong path must not be read to its end.</summary>
    private const int BodyLimit = 64 * 1024;

    public static async Task<Verdict> RunAsync(HttpCheck check, string host, int port, CancellationToken limit)
    {
        // A Host header may carry a port; a server name in TLS may not.
        var name = check.Host is null ? host : check.Host.Split(':')[0];
        var certificate = "";
        var connected = false;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, cancellation) =>
            {
                // The handler would try again, unasked, when a server closes without an answer: then that is the verdict.
                if (connected)
                    throw new HttpRequestException(HttpRequestError.ResponseEnded);
                connected = true;
                return await ConnectAsync(context.DnsEndPoint, cancellation);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = name,
                // Whether a service works and whether its certificate is in order are two questions; the second is reported.
#pragma warning disable CA5359
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                {
                    certificate = Describe(errors, name);
                    return true;
                },
#pragma warning restore CA5359
            },
        };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(check.Method), Address(check, host, port));
            request.Headers.Host = check.Host;
            request.Headers.ConnectionClose = true;
            request.Headers.TryAddWithoutValidation("User-Agent", "lbctl");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            var verdict = await JudgeAsync(check, response, limit);
            return verdict with { Detail = verdict.Detail + certificate };
        }
        catch (HttpRequestException e)
        {
            return new(false, Describe(e, host) + certificate);
        }
        catch (IOException e)
        {
            return new(false, "connection lost while reading the answer: "
                + $"{(e.InnerException as SocketException is { } s ? SocketFailure.Describe(s, host) : e.Message)}");
        }
        catch (Exception e) when (e is UriFormatException or FormatException)
        {
            return new(false, $"the check cannot be sent: {e.Message}");
        }
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Verdict> JudgeAsync(HttpCheck check, HttpResponseMessage response, CancellationToken limit)
    {
        var status = (int)response.StatusCode;
        if (status != check.Status)
            return new(false, $"HTTP {status} (expected {check.Status})");
        if (check.Body is not { } wanted)
            return new(true, $"HTTP {status}");
        var body = await ReadBodyAsync(response, limit);
        return body.Contains(wanted, StringComparison.Ordinal)
            ? new(true, $"HTTP {status}, body contains \"{wanted}\"")
            : new(false, $"HTTP {status}, but the body does not contain \"{wanted}\"");
    }

    private static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken limit)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(limit);
        var buffer = new byte[BodyLimit];
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit);
        return Encoding.UTF8.GetString(buffer, 0, count);
    }

    private static Uri Address(HttpCheck check, string host, int port)
    {
        var bracketed = IPAddress.TryParse(host, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[{host}]"
            : host;
        var path = check.Path.StartsWith('/') ? check.Path : "/" + check.Path;
        return new($"{(check.Tls ? "https" : "http")}://{bracketed}:{port}{path}");
    }

    private static string Describe(HttpRequestException error, string host)
    {
        for (Exception? inner = error.InnerException; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded })
                return "connection closed without an answer";
            if (inner is SocketException socket)
                return SocketFailure.Describe(socket, host);
        }
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => $"cannot resolve {host}",
            HttpRequestError.SecureConnectionError => $"no TLS connection: {error.InnerException?.Message ?? error.Message}",
            HttpRequestError.ResponseEnded => "connection closed without an answer",
            HttpRequestError.InvalidResponse => "the answer is not HTTP",
            _ => error.InnerException?.Message ?? error.Message,
        };
    }

    private static string Describe(SslPolicyErrors errors, string name) => errors switch
    {
        SslPolicyErrors.None => "",
        _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => $"; its certificate is not for {name}",
        _ => "; its certificate is not trusted here",
    };
}
