using System.Net;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Probing;

/// <summary>Everything about the target that is known before the first request: address, request bytes, TLS name.</summary>
internal sealed class ProbeTarget(ProbeOptions options, IPEndPoint endpoint)
{
    public ProbeOptions Options { get; } = options;
    public IPEndPoint EndPoint { get; } = endpoint;
    public bool Tls { get; } = options.Uri.Scheme == Uri.UriSchemeHttps;
    public string ServerName { get; } = HostOnly(options.Host) ?? options.Uri.DnsSafeHost;
    public ReadOnlyMemory<byte> Request { get; } = BuildRequest(options);

    /// <exception cref="AdapterException">The name does not resolve: nothing can be measured.</exception>
    public static async Task<ProbeTarget> ResolveAsync(ProbeOptions options, CancellationToken cancellation)
    {
        var host = options.Uri.DnsSafeHost;
        if (IPAddress.TryParse(host, out var literal))
            return new(options, new(literal, options.Uri.Port));
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(host, cancellation);
        }
        catch (SocketException e)
        {
            throw new AdapterException(host, "resolve", $"{host} does not resolve: {e.Message}", inner: e);
        }
        return addresses.Length switch
        {
            0 => throw new AdapterException(host, "resolve", $"{host} has no address"),
            1 => new(options, new(addresses[0], options.Uri.Port)),
            _ => new(options, await FirstThatAcceptsAsync(addresses, options, cancellation)),
        };
    }

    /// <summary>A name with several addresses (localhost has two): like every client, take the first one that is there.</summary>
    private static async Task<IPEndPoint> FirstThatAcceptsAsync(IPAddress[] addresses, ProbeOptions options, CancellationToken cancellation)
    {
        foreach (var address in addresses)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(options.Timeout);
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(address, options.Uri.Port, deadline.Token);
                return new(address, options.Uri.Port);
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The next one.
            }
        }
        return new(addresses[0], options.Uri.Port);
    }

    private static byte[] BuildRequest(ProbeOptions options)
    {
        var uri = options.Uri;
        var host = options.Host ?? (uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}");
        return Encoding.ASCII.GetBytes(
            $"{options.Method} {uri.PathAndQuery} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: lbctl-probe\r\nAccept: */*\r\n" +
            $"{(options.KeepAlive ? "" : "Connection: close\r\n")}\r\n");
    }

    private static string? HostOnly(string? hostHeader) =>
        hostHeader is null ? null : Uri.TryCreate("http://" + hostHeader, UriKind.Absolute, out var uri) ? uri.DnsSafeHost : hostHeader;
}
