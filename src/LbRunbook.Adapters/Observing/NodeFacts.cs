using LbRunbook.Adapters.Keepalived;
using LbRunbook.Adapters.Owners;
using LbRunbook.Adapters.Services;
using LbRunbook.Adapters.Vip;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Text;

namespace LbRunbook.Adapters.Observing;

/// <summary>What a node said of itself.</summary>
internal sealed record NodeFacts
{
    private const int LongestLine = 200;

    public IpAddrJson? Addresses { get; init; }
    public ServiceState? Service { get; init; }
    public KeepalivedState? Keepalived { get; init; }
    public IReadOnlyList<HandOverLeft> HandOvers { get; init; } = [];
    /// <summary>What the login prints before any command; null = nothing.</summary>
    public string? Greeting { get; init; }
    public IReadOnlyList<AddressOwner> Owners { get; init; } = [];
    public string? SudoRefused { get; init; }
    public HostResources? Resources { get; init; }
    public string? ConfigHash { get; init; }
    public string? ConfigFingerprint { get; init; }

    /// <summary>The lines of HAProxy's file that keep clients with their server; null = not read.</summary>
    public IReadOnlyList<string>? Persistence { get; init; }

    /// <summary>The lines of HAProxy's file that say how a hash spreads; null = not read.</summary>
    public IReadOnlyList<string>? Balancing { get; init; }
    public IReadOnlyList<CertificateState> Certificates { get; init; } = [];
    public IReadOnlyDictionary<string, CheckResult> Checks { get; init; } = new Dictionary<string, CheckResult>();

    /// <summary>Sections that should be there and are not, or could not be read.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    public static NodeFacts Read(string output, Fleet fleet, Node node, bool full, TimeSpan checkTimeout)
    {
        var report = LookReport.Parse(output);
        var missing = new List<string>();
        var units = Units(report.Text("service") ?? "");
        var addresses = ReadAddresses(report, missing);
        var facts = new NodeFacts
        {
            Addresses = addresses,
            Service = node.Service.UsesSystemd ? WithLastLine(ReadService(units, node.ServiceName, missing), report) : null,
            Keepalived = KeepalivedReader.Build(KeepalivedReport.Parse(report.Text("keepalived") ?? ""), addresses?.Addresses ?? []),
            HandOvers = [.. (report.Lines("handover") ?? []).Select(ReadHandOver).OfType<HandOverLeft>()],
            Owners = OwnersReport.Read(report.Lines("owners") ?? []),
            Balancing = report.Lines("balancing"),
            SudoRefused = report.Lines("sudo") is [var refused, ..] ? refused.Replace("refused ", "", StringComparison.Ordinal) : null,
        };
        if (full)
        {
            facts = facts with
            {
                Resources = ResourceReader.Read(report),
                ConfigHash = Hash(report.Lines("hash")),
                ConfigFingerprint = Hash(report.Lines("fingerprint")),
                Persistence = report.Lines("persistence"),
                Certificates = CertificateReader.Read(report.Lines("certificates") ?? []),
                Checks = NodeChecks.Read(report, fleet, checkTimeout),
            };
            foreach (var path in CertificateReader.Unread(report.Lines("certificates") ?? []))
                missing.Add($"certificate {path} (not readable for this login)");
            if (facts.ConfigHash is null && node.Exec is null)
                missing.Add($"configuration {node.ProxyConfigPath} (not read)");
            if (facts.Resources is null)
                missing.Add("CPU, memory and disks");
            if (facts.Checks.Count == 0 && fleet.Pools.Any(p => p.Backends.Count > 0))
                missing.Add(report.Checks.Contains("none") ? "checks of the backends (no bash on the node)" : "checks of the backends");
        }
        return facts with { Missing = missing };
    }

    // "21053000617 armed guard lb1 lb2 public,public6"
    private static HandOverLeft? ReadHandOver(string line) =>
        line.Split(' ') is [var id, var armed, "guard" or "keep", var from, var to, ..] ? new(id, armed == "armed", from, to) : null;

    private static IpAddrJson? ReadAddresses(LookReport report, List<string> missing)
    {
        try
        {
            if (report.Text("addr")?.Trim() is { Length: > 0 } json)
                return IpAddrJson.Parse(json);
        }
        catch (FormatException)
        {
            // Said below: a node without iproute2's JSON.
        }
        missing.Add("addresses (ip -j addr)");
        return null;
    }

    private static ServiceState? ReadService(Dictionary<string, string> units, string name, List<string> missing)
    {
        if (units.TryGetValue(name, out var unit) || units.TryGetValue(name + ".service", out unit))
            return SystemctlShow.Parse(unit).State;
        missing.Add($"service {name} (systemctl show)");
        return null;
    }

    /// <summary>A log may quote what somebody wrote into a configuration.</summary>
    private static ServiceState? WithLastLine(ServiceState? service, LookReport report) =>
        service is { Active: false } && report.Text("servicelog") is { } log && UnitJournal.Pick(log) is { } line
            ? service with { LastLine = Redaction.Apply(line.Length > LongestLine ? line[..LongestLine] + "…" : line) }
            : service;

    /// <summary>Blocks of several units with an empty line between them, by their <c>Id=</c>.</summary>
    private static Dictionary<string, string> Units(string text)
    {
        var units = new Dictionary<string, string>();
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            if (block.Split('\n').FirstOrDefault(l => l.StartsWith("Id=", StringComparison.Ordinal)) is { } id)
                units[id[3..].Trim()] = block;
        return units;
    }

    private static string? Hash(IReadOnlyList<string>? lines) =>
        lines is [var line, ..] && line.Split(' ')[0] is { Length: 64 } hash ? hash : null;
}
