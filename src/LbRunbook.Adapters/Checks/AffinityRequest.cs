using System.Net;
using System.Net.Sockets;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Checks;

/// <summary>One request of a client that wants to be recognised.</summary>
/// <param name="How">Port, TLS, Host and path.</param>
/// <param name="Address">A virtual IP, or a node's own address.</param>
/// <param name="CookieName">Null = recognised by its address.</param>
/// <param name="CookieValue">What an earlier answer gave it; null = it is new.</param>
internal sealed record AffinityQuestion(HttpCheck How, string Address, string ServedBy, string? CookieName, string? CookieValue);

/// <param name="ServedBy">The header that names the backend; null = it was not there.</param>
/// <param name="Cookie">The value that the answer gave; null = none.</param>
/// <param name="From">Our own address on that connection.</param>
/// <param name="Error">Why there is no answer.</param>
internal sealed record AffinityAnswer(string? ServedBy, string? Cookie, IPAddress? From, string? Error = null);

internal delegate Task<AffinityAnswer> AffinityAsk(AffinityQuestion question, CancellationToken cancellation);

/// <summary>Each on a connection of its own: a kept connection stays with its backend whatever is configured.</summary>
internal static class AffinityRequest
{
    public static async Task<AffinityAnswer> SendAsync(AffinityQuestion question, CancellationToken cancellation)
    {
        IPAddress? from = null;
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (context, token) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(context.DnsEndPoint, token);
                    from = (socket.LocalEndPoint as IPEndPoint)?.Address is { IsIPv4MappedToIPv6: true } mapped
                        ? mapped.MapToIPv4()
                        : (socket.LocalEndPoint as IPEndPoint)?.Address;
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        // Whose certificate it is does not matter here; the check of the virtual IP reports it.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        handler.SslOptions.TargetHost = question.How.Host?.Split(':')[0] ?? question.Address;
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Target(question));
            request.Headers.Host = question.How.Host;
            request.Headers.ConnectionClose = true;
            request.Headers.TryAddWithoutValidation("User-Agent", "lbctl");
            if (question is { CookieName: { } name, CookieValue: { } value })
                request.Headers.TryAddWithoutValidation("Cookie", $"{name}={value}");
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return new(Header(response, question.ServedBy),
                question.CookieName is null ? null : Cookie(response, question.CookieName), from);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException or UriFormatException)
        {
            return new(null, null, from, Printable.Line((e.InnerException ?? e).Message));
        }
    }

    private static Uri Target(AffinityQuestion question)
    {
        var host = question.Address.Contains(':', StringComparison.Ordinal) ? $"[{question.Address}]" : question.Address;
        var scheme = question.How.Tls ? "https" : "http";
        return new($"{scheme}://{host}:{question.How.PortOn()}{question.How.Path}");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? Printable.Line(values.First()).Trim() : null;

    private static string? Cookie(HttpResponseMessage response, string name)
    {
        if (!response.Headers.TryGetValues("Set-Cookie", out var cookies))
            return null;
        foreach (var cookie in cookies)
            if (cookie.Split(';')[0].Split('=', 2) is [var named, var value] && named.Trim() == name)
                return value.Trim();
        return null;
    }
}
