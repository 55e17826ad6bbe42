namespace LbRunbook.Adapters.Probing;

internal sealed record ProbeOptions
{
    /// <summary><c>http://</c>, <c>https://</c> or <c>tcp://host:port</c> (only connects).</summary>
    public required Uri Uri { get; init; }
    public double Rps { get; init; } = 200;

    /// <summary>Null = until stopped.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>For one request, from its send to its complete response.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// False = a new connection for every request, as a new client sees it. True = a few that are used again; one that
    /// turns out to be closed before it answered anything is replaced once, as every keep-alive client does.
    /// </summary>
    public bool KeepAlive { get; init; }
    public string Method { get; init; } = "GET";

    /// <summary>Host header and TLS server name; null = the URI's.</summary>
    public string? Host { get; init; }

    /// <summary>Null = any 2xx or 3xx.</summary>
    public int? ExpectedStatus { get; init; }

    /// <summary>TLS without a check of the certificate.</summary>
    public bool Insecure { get; init; }

    /// <summary>
    /// The response header that names who answered. Where it is missing, X-Backend-Server is taken; never Server,
    /// which names the software: two balancers would look like one.
    /// </summary>
    public string WhoHeader { get; init; } = "X-Served-By";

    /// <summary>Take the first line of the body instead (a <c>/whoami</c> page).</summary>
    public bool WhoFromBody { get; init; }

    /// <summary>Requests in flight beyond this are not sent and count as "overload"; null = twice what a hung server needs.</summary>
    public int? MaxInFlight { get; init; }

    public int InFlightLimit => MaxInFlight ?? (int)Math.Clamp(Rps * Timeout.TotalSeconds * 2, 64, 4096);
    public bool TcpOnly => Uri.Scheme == "tcp";
    public string Mode => TcpOnly ? "tcp-connect" : KeepAlive ? "keep-alive" : "new-connections";
}
