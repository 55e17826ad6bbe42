using LbRunbook.Core.Model;

namespace LbRunbook.Core.Observations;

/// <summary>What was seen, and when. Everything that could not be seen is said as such, never guessed.</summary>
public sealed record Observation
{
    public required DateTimeOffset TakenAt { get; init; }
    public required TimeSpan Took { get; init; }
    public required IReadOnlyList<NodeObservation> Nodes { get; init; }
    public IReadOnlyList<VipObservation> Vips { get; init; } = [];
    public IReadOnlyList<PoolObservation> Pools { get; init; } = [];

    public IReadOnlyList<AffinityObservation> Affinities { get; init; } = [];

    /// <summary>Looks at the fleet as a whole (through a VIP, at a backend) that did not come back in time.</summary>
    public IReadOnlyList<string> Incomplete { get; init; } = [];

    /// <summary>
    /// What else this machine reaches; only looked at when it reached no node: it tells their death from our own broken link.
    /// </summary>
    public IReadOnlyList<SurroundingHost> Surroundings { get; init; } = [];

    public NodeObservation Node(string name) => Nodes.First(n => n.Node == name);
    public VipObservation Vip(string name) => Vips.First(v => v.Vip == name);

    /// <summary>Nodes whose own kernel says that they carry the VIP.</summary>
    public IReadOnlyList<string> HoldersOf(VirtualIp vip) =>
        [.. Nodes.Where(n => n.Addresses.Any(a => !a.Silent && a.Address == vip.Address.ToString())).Select(n => n.Node)];
}

/// <param name="Name">Witness, backend, or "router ADDRESS".</param>
/// <param name="Answers">It gave a sign of life.</param>
public sealed record SurroundingHost(string Name, bool Answers);

/// <summary>How far SSH came, in the order in which it fails.</summary>
public enum Reach
{
    Ok,
    Unreachable,
    TimedOut,
    Refused,
    HostKeyChanged,
    PermissionDenied,
    SudoNeedsPassword,
    Failed,
}

public sealed record NodeObservation
{
    public required string Node { get; init; }
    public required Reach Reach { get; init; }

    /// <summary>The message behind a <see cref="Reach"/> other than Ok.</summary>
    public string? ReachDetail { get; init; }

    /// <summary>Does the SSH port answer TCP (a refusal is a sign of life, too), seen from here; null = not tried.</summary>
    public bool? TcpAnswers { get; init; }

    /// <summary>Does its address answer ARP/ND, seen from here or a peer; null = nobody on the segment could ask.</summary>
    public bool? WireAnswers { get; init; }

    /// <summary>Who asked the wire for the node's address: "here" or host names. More than "here" makes an independent witness.</summary>
    public IReadOnlyList<string> WireVantages { get; init; } = [];

    /// <summary>Of <see cref="WireVantages"/>, those that got an answer.</summary>
    public IReadOnlyList<string> WireHeardBy { get; init; } = [];
    public ServiceState? Service { get; init; }
    public ProxyState? Proxy { get; init; }
    public IReadOnlyList<HeldAddress> Addresses { get; init; } = [];

    /// <summary>Interface name → MAC, lower case with colons.</summary>
    public IReadOnlyDictionary<string, string> Macs { get; init; } = new Dictionary<string, string>();
    public HostResources? Resources { get; init; }

    /// <summary>SHA-256 of the proxy's configuration, lower-case hex; null = not read.</summary>
    public string? ConfigHash { get; init; }

    /// <summary>
    /// The same after dropping comments and replacing every node's name and address by one placeholder: what differs in it
    /// is drift, what differs only in <see cref="ConfigHash"/> is a node's own bind line.
    /// </summary>
    public string? ConfigFingerprint { get; init; }
    public IReadOnlyList<CertificateState> Certificates { get; init; } = [];
    /// <summary>Null = it is not used there (neither a process nor a configuration), or the node was not reached.</summary>
    public KeepalivedState? Keepalived { get; init; }
    public bool KeepalivedRuns => Keepalived is { Runs: true };

    /// <summary>The first line that its login prints before any command; null = it is quiet.</summary>
    public string? Greeting { get; init; }

    /// <summary>Other managers of addresses there: what one of them owns it puts back.</summary>
    public IReadOnlyList<AddressOwner> Owners { get; init; } = [];

    /// <summary>Hand-overs that are under way there, or that somebody has left.</summary>
    public IReadOnlyList<HandOverLeft> HandOvers { get; init; } = [];

    /// <summary>Direct answer of the proxy's own address to the VIP's check, seen from here.</summary>
    public CheckResult? DirectCheck { get; init; }

    /// <summary>Probes that did not come back in time, with what they waited for.</summary>
    public IReadOnlyList<string> Incomplete { get; init; } = [];
    public bool Reachable => Reach == Reach.Ok;
}

/// <summary>systemd's view, or the status command's.</summary>
/// <param name="Enabled">It starts at boot; null = not known (custom commands).</param>
/// <param name="SubState">For example <c>running</c>, <c>failed</c>, <c>dead</c>.</param>
/// <param name="MainPid">0 = none.</param>
public sealed record ServiceState(bool Active, bool? Enabled, string SubState, int MainPid)
{
    /// <summary>What it wrote last, where it does not run; null = not asked, or not readable.</summary>
    public string? LastLine { get; init; }
}

/// <summary>An address on a node's interface, from <c>ip -j addr</c>.</summary>
/// <param name="Address">As the kernel prints it.</param>
/// <param name="PrefixLength">Part of its identity: one address may be held under several.</param>
/// <param name="Tentative">IPv6: duplicate address detection is not finished.</param>
/// <param name="DadFailed">IPv6: another host has it; unusable here.</param>
/// <param name="Secondary">IPv4: vanishes with the primary address of its subnet.</param>
/// <param name="Dynamic">From a lease or a router's announcement: it has an end.</param>
/// <param name="Global">Of use outside of the link and the host.</param>
public sealed record HeldAddress(string Interface, string Address, int PrefixLength, bool Tentative = false, bool DadFailed = false,
    bool Secondary = false, bool Dynamic = false, bool Global = true)
{
    /// <summary>
    /// Kept on lo for connections that are still open, after the address has moved: it serves them, and answers nobody on the wire.
    /// Such a node is no holder.
    /// </summary>
    public bool Silent => Interface == "lo";
}

/// <param name="Id">Names its rules, folder and timer.</param>
/// <param name="Armed">The node's own timer will end it.</param>
/// <param name="From">The old node, as it was noted when it began.</param>
public sealed record HandOverLeft(string Id, bool Armed, string From, string To);

/// <param name="CpuPercent">Busy share over the sample, 0–100; null = not measured.</param>
/// <param name="MemoryPercent">1 − MemAvailable/MemTotal.</param>
/// <param name="DiskPercent">Fullest real file system.</param>
/// <param name="Load1">One-minute load.</param>
/// <param name="Cpus">Online CPUs.</param>
public sealed record HostResources(double? CpuPercent, double MemoryPercent, double DiskPercent, string DiskMount, double Load1, int Cpus);

public sealed record CertificateState(string Path, string Subject, DateTimeOffset NotAfter);

/// <param name="Took">Time to the verdict.</param>
/// <param name="Detail">Why not, or what answered: "connection refused", "HTTP 503 (expected 200)", "timed out after 2s".</param>
public sealed record CheckResult(bool Healthy, TimeSpan Took, string Detail);

/// <summary>Seen on the wire and through the VIP.</summary>
public sealed record VipObservation
{
    public required string Vip { get; init; }

    /// <summary>Distinct MACs that answer for the VIP; null = nobody could ask.</summary>
    public IReadOnlyList<string>? WireMacs { get; init; }

    /// <summary>Who asked the wire: "here", or a host's name.</summary>
    public string? WireVantage { get; init; }
    public CheckResult? Through { get; init; }

    /// <summary>Header, body or MAC told which node answered.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>What a TLS handshake with the VIP showed; null where the check speaks no TLS.</summary>
    public CertificateState? Certificate { get; init; }
}
