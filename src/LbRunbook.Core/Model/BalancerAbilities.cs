namespace LbRunbook.Core.Model;

public enum ProxyKind { Haproxy, Nginx }

/// <summary>
/// What a kind of balancer can do, as far as its kind alone decides it. Planners and steps ask for these and for no product: what is
/// true of one more kind is one more line in <see cref="Of"/>.
/// </summary>
public sealed record BalancerAbilities
{
    /// <summary>In the configuration (<c>proxy:</c>), and what its service is called.</summary>
    public required string Name { get; init; }

    /// <summary>In sentences: "lb1 runs open-source nginx".</summary>
    public required string Words { get; init; }

    /// <summary>
    /// What is set is set in the process that runs, and forgotten by its next reload unless it is written down as well. Otherwise every
    /// change is one of the configuration, which needs root, and a reload, which costs some clients their idle connection.
    /// </summary>
    public required bool SetsAtRunTime { get; init; }

    /// <summary>
    /// What one change may take at worst: where it is a reload, busy clients are waited for before and after. Zero = no time to speak of.
    /// </summary>
    public required TimeSpan ChangeTakes { get; init; }

    /// <summary>The sessions with a single server can be ended.</summary>
    public required bool EndsSessions { get; init; }

    /// <summary>Servers have names of their own; otherwise they are called by address and port.</summary>
    public required bool NamesServers { get; init; }

    /// <summary>It takes more words for a server than its address and its weight (checks, TLS, protocol).</summary>
    public required bool TakesServerOptions { get; init; }

    public static BalancerAbilities Of(ProxyKind kind) => kind switch
    {
        ProxyKind.Haproxy => new()
        {
            Name = "haproxy",
            Words = "HAProxy",
            SetsAtRunTime = true,
            ChangeTakes = TimeSpan.Zero,
            EndsSessions = true,
            NamesServers = true,
            TakesServerOptions = true,
        },
        ProxyKind.Nginx => new()
        {
            Name = "nginx",
            Words = "open-source nginx",
            SetsAtRunTime = false,
            // Two seconds for the clients of the old workers, half a second for the old workers.
            ChangeTakes = TimeSpan.FromSeconds(2.5),
            EndsSessions = false,
            NamesServers = false,
            TakesServerOptions = false,
        },
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
