using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>What the proxy says of itself over its admin socket or status page.</summary>
public sealed record ProxyState
{
    public required ProxyKind Kind { get; init; }

    /// <summary>The admin socket (HAProxy) or stub_status (nginx) answered.</summary>
    public required bool Answers { get; init; }
    public string? Error { get; init; }
    public string? Version { get; init; }
    public int Pid { get; init; }
    public TimeSpan? Uptime { get; init; }
    public long CurrentConnections { get; init; }
    public long? MaxConnections { get; init; }

    /// <summary>HAProxy's Idle_pct; null on nginx.</summary>
    public int? IdlePercent { get; init; }

    /// <summary>Workers of an earlier configuration that still serve connections after a reload.</summary>
    public IReadOnlyList<int> OldWorkers { get; init; } = [];
    public IReadOnlyList<ServerState> Servers { get; init; } = [];
    public IReadOnlyList<FrontendState> Frontends { get; init; } = [];

    /// <summary>The pools of which it is known; a pool whose configuration could not be read whole is missing.</summary>
    public IReadOnlyList<PoolStickiness> Stickiness { get; init; } = [];

    /// <summary>How each pool spreads its traffic; a pool that is missing tells nothing of it (nginx).</summary>
    public IReadOnlyList<PoolBalancing> Balancing { get; init; } = [];

    /// <summary>nginx only: every server that passes requests on can ask its clients to leave before a reload; null = not known.</summary>
    public bool? LetsClientsGo { get; init; }

    /// <summary>
    /// nginx only: every client is asked to leave, for this long already; during a reload that is a second or two. Null = none is.
    /// </summary>
    public TimeSpan? ClosingFor { get; init; }

    /// <summary>Why a change of its servers would not reach what serves, although it answers; null = nothing stands against it.</summary>
    public string? WhyNoChange { get; init; }

    /// <summary>Things the proxy cannot tell, said plainly ("open-source nginx reports nothing per upstream").</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>How a pool spreads its traffic, as its proxy says it.</summary>
/// <param name="Pool">The proxy's name for it.</param>
/// <param name="Algorithm">"roundrobin", "source"; empty = not told.</param>
/// <param name="TakesSteps">
/// A weight may be anything in between. Otherwise a server has all of its share or nothing: the place of each client is computed from a map
/// that is made anew only when a server comes or goes.
/// </param>
public sealed record PoolBalancing(string Pool, string Algorithm, bool TakesSteps);

public sealed record FrontendState(string Name, bool Open, long CurrentSessions, long TotalSessions);

public enum AdminState { Ready, Drain, Maint }

/// <summary><c>Stopping</c> = it answers, but asks for no new connections (HAProxy's NOLB).</summary>
public enum ServerHealth { Up, GoingDown, Down, GoingUp, NoCheck, Unknown, Stopping }

/// <summary>One server of a pool as one proxy sees it.</summary>
public sealed record ServerState
{
    public required string Pool { get; init; }
    public required string Server { get; init; }
    public required AdminState Admin { get; init; }
    public required ServerHealth Health { get; init; }

    /// <summary>As printed: "UP 1/3", "MAINT (via web/web1)", "no check".</summary>
    public required string Status { get; init; }
    public string? Address { get; init; }

    /// <summary>The name that its address comes from, as DNS has it; null = it is configured by address, or nobody tells.</summary>
    public string? Fqdn { get; init; }

    /// <summary>
    /// One of several places that DNS or somebody at run time fills (<c>server-template</c>, an address of zeros): which machine is behind
    /// its name is not said by the name, and is another one on the next node.
    /// </summary>
    public bool IsSlot { get; init; }

    /// <summary>It has none now: a slot that nobody has filled, or a name that does not resolve. It is no capacity.</summary>
    public bool HasNoAddress { get; init; }

    /// <summary>
    /// A program beside it may set its state and its weight, past whatever is set here (HAProxy's agent-check). False = it is told to
    /// keep still; null = there is none, or nobody tells.
    /// </summary>
    public bool? AgentSpeaks { get; init; }
    public int Weight { get; init; }
    public int InitialWeight { get; init; }
    /// <summary>Of all workers, those of earlier configurations included; on nginx the TCP connections from the node.</summary>
    public long CurrentSessions { get; init; }

    /// <summary>Why there may be more of them than were counted; null = these are all.</summary>
    public string? MoreSessions { get; init; }
    public long Queued { get; init; }
    public long TotalSessions { get; init; }
    public string? LastCheck { get; init; }
    public bool Backup { get; init; }

    /// <summary>Sessions that it takes at most (maxconn); null = no limit is configured, or not known.</summary>
    public long? SessionLimit { get; init; }

    /// <summary>Since it last went up or down, or its proxy started; null = not known (nginx).</summary>
    public TimeSpan? SinceChange { get; init; }

    /// <summary>"pool/server" whose checks and administrative state it follows; null = none.</summary>
    public string? Tracks { get; init; }

    /// <summary>Connection errors, response errors and 5xx answers since the proxy started; null = not known.</summary>
    public long? Errors { get; init; }

    /// <summary>Raw srv_admin_state mask of <c>show servers state</c>; null on nginx. This and the weights are the undo record.</summary>
    public int? AdminMask { get; init; }

    /// <summary>It is this machine: see <see cref="ServerMatch"/>.</summary>
    public bool Is(Pool pool, Backend backend) => ServerMatch.Is(this, pool, backend);

    /// <summary>Gets new connections: it has an address, is ready, up (or unchecked), and has a weight above 0.</summary>
    public bool InRotation => !HasNoAddress && Admin == AdminState.Ready && Weight > 0
        && Health is ServerHealth.Up or ServerHealth.GoingDown or ServerHealth.NoCheck;
}
