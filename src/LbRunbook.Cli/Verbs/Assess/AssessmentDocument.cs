using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>The JSON contract of <c>assess --output json</c>, apart from the internal types so that those can change without it.</summary>
internal sealed record AssessmentDocument(
    string Cluster, string Environment, DateTimeOffset TakenAt, double ElapsedMs, double ClockMs,
    string Severity, int ExitCode, string Verdict, double? HealthRatio, long Connections,
    IReadOnlyList<NodeDocument> Nodes, IReadOnlyList<VipDocument> Vips, IReadOnlyList<PoolDocument> Pools,
    IReadOnlyList<AffinityDocument> Affinities, IReadOnlyList<FindingDocument> Findings, IReadOnlyList<string> Incomplete)
{
    [JsonPropertyOrder(-2)] public string Type => "assessment";
    [JsonPropertyOrder(-1)] public int Schema => 1;
}

internal sealed record NodeDocument(
    string Name, string Host, int Priority, string Reach, string? ReachDetail, bool? TcpAnswers, bool? WireAnswers,
    IReadOnlyList<string> WireVantages,
    string Verdict, IReadOnlyList<SightingDocument> Sightings,
    ServiceDocument? Service, ProxyDocument? Proxy, IReadOnlyList<string> Vips, ResourcesDocument? Resources,
    string? ConfigHash, string? ConfigFingerprint, IReadOnlyList<CertificateDocument> Certificates,
    bool KeepalivedRuns, KeepalivedDocument? Keepalived, CheckDocument? DirectCheck, IReadOnlyList<string> Incomplete);

internal sealed record KeepalivedDocument(bool Runs, bool Frozen, string ConfigPath, string? RunBy, string? Error,
    IReadOnlyList<VrrpDocument> Instances);

internal sealed record VrrpDocument(
    string Name, string State, bool Holds, string Interface, int RouterId, int Version, int Priority, int? OriginalPriority,
    int? EffectivePriority,
    double AdvertSeconds, bool NoPreempt, double PreemptDelaySeconds, string? SyncGroup, IReadOnlyList<string> Addresses,
    IReadOnlyList<TrackFileDocument> TrackFiles);

internal sealed record TrackFileDocument(string Path, int Weight, int? Value);

/// <summary>One vantage point's word on a node: "here" or a host, asked by "tcp" or "arp".</summary>
internal sealed record SightingDocument(string Vantage, string Means, bool Alive);

internal sealed record ServiceDocument(string Name, bool Active, bool? Enabled, string SubState, int MainPid);

internal sealed record ProxyDocument(
    string Kind, bool Answers, string? Error, string? Version, int Pid, double? UptimeSeconds,
    long CurrentConnections, long? MaxConnections, int? IdlePercent, IReadOnlyList<int> OldWorkers, IReadOnlyList<string> Notes);

internal sealed record ResourcesDocument(double? CpuPercent, double MemoryPercent, double DiskPercent, string DiskMount,
    double Load1, int Cpus);

internal sealed record CertificateDocument(string Path, string Subject, DateTimeOffset NotAfter);

internal sealed record CheckDocument(bool Healthy, double TookMs, string Detail);

internal sealed record VipDocument(
    string Name, string Address, IReadOnlyList<string> Holders, IReadOnlyList<string>? WireMacs, string? WireVantage,
    CheckDocument? Check, string? AnsweredBy, CertificateDocument? Certificate);

internal sealed record PoolDocument(string Name, double HealthRatio, IReadOnlyList<BackendDocument> Backends,
    IReadOnlyList<AddedDocument> Added);

/// <param name="Emergency">One of the pool's emergency backends; else somebody added it by hand.</param>
internal sealed record AddedDocument(string Name, string Address, bool Emergency, IReadOnlyDictionary<string, ServerDocument> OnProxies);

internal sealed record BackendDocument(
    string Name, string? Host, int? Port, bool Healthy, CheckDocument? FromHere, CheckDocument? Deep,
    IReadOnlyDictionary<string, CheckDocument> FromNodes, IReadOnlyDictionary<string, ServerDocument> OnProxies);

/// <param name="CurrentSessions">Null = not all of them could be counted.</param>
internal sealed record ServerDocument(
    string Admin, string Health, string Status, bool InRotation, int Weight, long? CurrentSessions, long Queued, long TotalSessions,
    string? LastCheck);

internal sealed record AffinityDocument(string Pool, string Vip, string Means, int Returns, int Kept,
    IReadOnlyList<AffinityClientDocument> Clients, string? Problem);

internal sealed record AffinityClientDocument(string Home, IReadOnlyList<string> Returns, IReadOnlyDictionary<string, string> OnNodes);

/// <param name="Cause">"CODE SUBJECT" of the finding that it follows from; null = it stands for itself.</param>
internal sealed record FindingDocument(
    string Code, string Severity, string Subject, string Message, string? Next, string? Or, string? Cause);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AssessmentDocument))]
internal sealed partial class AssessmentJson : JsonSerializerContext;
