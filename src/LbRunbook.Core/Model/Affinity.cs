namespace LbRunbook.Core.Model;

/// <summary>The same client is meant to come back to the same backend of a pool, and how one sees whether it does.</summary>
public sealed record Affinity
{
    /// <summary>The cookie by which a client is recognised; null = by its address.</summary>
    public string? Cookie { get; init; }

    /// <summary>The response header that names the backend: its name, its host or host:port.</summary>
    public required string ServedBy { get; init; }

    /// <summary>The VIP through which the pool is reached; null = the first one.</summary>
    public string? Vip { get; init; }

    /// <summary>What is asked for; how (port, TLS, Host) is taken from the VIP's check.</summary>
    public string Path { get; init; } = "/";

    /// <summary>What each client of the measurement sends through the VIP; the first one only says where it belongs.</summary>
    public int Requests { get; init; } = 4;

    public string Means => Cookie is { } name ? $"cookie {name}" : "client address";
}
