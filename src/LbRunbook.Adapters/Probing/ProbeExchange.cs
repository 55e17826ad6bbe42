using System.Net.Sockets;
using LbRunbook.Core.Probing;

namespace LbRunbook.Adapters.Probing;

/// <summary>One request and its complete response, judged.</summary>
internal sealed class ProbeExchange(ProbeTarget target)
{
    private readonly ProbeOptions _options = target.Options;

    public async ValueTask<ProbeVerdict> RunAsync(ProbeConnection connection)
    {
        if (!connection.IsOpen)
            return await RunFreshAsync(connection);
        var verdict = await SendAndReceiveAsync(connection);
        var stale = verdict.Failure is FailureKind.Reset or FailureKind.Closed && !connection.Response.Any;
        if (!stale || _options.Method is not ("GET" or "HEAD"))
            return verdict;
        connection.Close();
        return await RunFreshAsync(connection);
    }

    private async ValueTask<ProbeVerdict> RunFreshAsync(ProbeConnection connection)
    {
        var opened = await connection.OpenAsync();
        if (!opened.Ok)
            return Failed(opened, connection, connecting: true);
        if (_options.TcpOnly)
            return default;
        var secured = await connection.HandshakeAsync();
        return secured.Ok ? await SendAndReceiveAsync(connection) : Failed(secured, connection, connecting: false);
    }

    private async ValueTask<ProbeVerdict> SendAndReceiveAsync(ProbeConnection connection)
    {
        var response = connection.Response;
        response.Reset();
        var sent = await connection.SendAsync(target.Request);
        // A server may answer and close before it has read everything: what it said counts, not that we could not finish.
        if (!sent.Ok && connection.Expired)
            return Failed(sent, connection, connecting: false);
        while (!response.Complete && !response.Malformed)
        {
            var received = await connection.ReceiveAsync();
            if (!received.Ok)
                return Failed(received, connection, connecting: false);
            if (received.Count > 0)
                continue;
            response.EndOfStream();
            if (!response.Complete)
                return new(FailureKind.Closed);
        }
        if (response.Malformed)
            return new(FailureKind.Other, Detail: "the answer is not HTTP/1.x");
        var expected = _options.ExpectedStatus is { } status ? response.Status == status : response.Status is >= 200 and < 400;
        return new(expected ? null : FailureKind.Http(response.Status), response.Who, Reusable: response.Reusable);
    }

    private static ProbeVerdict Failed(IoResult result, ProbeConnection connection, bool connecting)
    {
        if (connection.Expired)
            return new(connecting ? FailureKind.ConnectTimeout : FailureKind.Timeout);
        var kind = KindOf(result.Error, connecting);
        return new(kind, Detail: kind != FailureKind.Other ? null : result.Detail ?? Words(result.Error));
    }

    internal static string KindOf(SocketError error, bool connecting) => error switch
    {
        SocketError.ConnectionRefused => FailureKind.ConnectRefused,
        SocketError.TimedOut => connecting ? FailureKind.ConnectTimeout : FailureKind.Timeout,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.NetworkDown =>
            FailureKind.NoRoute,
        SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => FailureKind.Reset,
        _ => FailureKind.Other,
    };

    private static string Words(SocketError error) => error == SocketError.AddressNotAvailable
        ? "no free local port: too many connections in TIME_WAIT; use a lower rate or --keep-alive"
        : new SocketException((int)error).Message;
}

/// <param name="Failure">One of <see cref="FailureKind"/>; null = success.</param>
internal readonly record struct ProbeVerdict(string? Failure, string? Who = null, string? Detail = null, bool Reusable = false);
