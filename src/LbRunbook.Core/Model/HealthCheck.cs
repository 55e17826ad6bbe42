namespace LbRunbook.Core.Model;

/// <summary>One way to ask "are you well".</summary>
public abstract record HealthCheck
{
    /// <summary>As configured; null = see <see cref="PortOn"/>.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// The only place that decides which port a check asks: two places that decide it differently make a look green and the move after it
    /// impossible.
    /// </summary>
    /// <param name="own">The port of what is checked; null = an address without one (a virtual IP, a node): the protocol decides.</param>
    public int PortOn(int? own = null) => Port ?? own ?? (this is HttpCheck { Tls: true } ? 443 : 80);

    /// <summary>Null = <see cref="Thresholds.Timeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }
}

public sealed record TcpCheck : HealthCheck;

public sealed record HttpCheck : HealthCheck
{
    public string Method { get; init; } = "GET";
    public string Path { get; init; } = "/";
    public bool Tls { get; init; }

    /// <summary>Host header and SNI; null = the address.</summary>
    public string? Host { get; init; }
    public int Status { get; init; } = 200;

    /// <summary>Text that the body must contain.</summary>
    public string? Body { get; init; }
}

/// <summary>Run here with <c>{host}</c> and <c>{port}</c> replaced inside arguments; exit 0 = healthy. Never through a shell.</summary>
public sealed record CommandCheck : HealthCheck
{
    public required IReadOnlyList<string> Command { get; init; }
}
