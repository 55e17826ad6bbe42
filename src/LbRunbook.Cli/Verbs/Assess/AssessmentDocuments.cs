using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>From the internal types to the JSON contract.</summary>
internal static class AssessmentDocuments
{
    public static AssessmentDocument Of(Assessment a, NextCommand next) => new(
        a.Fleet.Cluster, Word(a.Fleet.Environment), a.Observation.TakenAt, Ms(a.Observation.Took), Ms(HumanAssessView.Clock),
        Word(a.Severity), SeverityWords.ExitCodeOf(a.Severity), a.Verdict, a.HealthRatio, a.Connections,
        [.. a.Observation.Nodes.Select(n => Of(a, n))],
        [.. a.Observation.Vips.Select(v => Of(a, v))],
        [.. a.Observation.Pools.Select(p => Of(a, p))],
        [.. a.Observation.Affinities.Select(f => Of(a, f))],
        [.. a.Findings.Select(f => new FindingDocument(f.Code.ToString(), Word(f.Severity), f.Subject, f.Message,
            f.Next is { } n ? next.Qualify(n) : null, f.Or is { } o ? next.Qualify(o) : null,
            f.Cause is { } cause ? $"{cause.Code} {cause.Subject}" : null))],
        a.Observation.Incomplete);

    private static AffinityDocument Of(Assessment a, AffinityObservation seen)
    {
        var tally = AffinityTally.Of(seen, a.Observation.Pools.FirstOrDefault(p => p.Pool == seen.Pool));
        return new(seen.Pool, seen.Vip, seen.Means, tally.Returns, tally.Kept,
            [.. seen.Clients.Select(c => new AffinityClientDocument(c.Home, c.Returns, c.OnNodes))], seen.Problem);
    }

    private static NodeDocument Of(Assessment a, NodeObservation seen)
    {
        var node = a.Fleet.Node(seen.Node);
        return new(node.Name, node.Host, node.Priority, Word(seen.Reach), seen.ReachDetail, seen.TcpAnswers, seen.WireAnswers,
            seen.WireVantages,
            Word(ReachVerdicts.Of(seen)), [.. ReachVerdicts.Sightings(seen).Select(s => new SightingDocument(s.Vantage, s.Means, s.Alive))],
            seen.Service is { } s ? new(node.ServiceName, s.Active, s.Enabled, s.SubState, s.MainPid) : null,
            seen.Proxy is { } p
                ? new(Word(p.Kind), p.Answers, p.Error, p.Version, p.Pid, p.Uptime?.TotalSeconds, p.CurrentConnections, p.MaxConnections,
                    p.IdlePercent, p.OldWorkers, p.Notes)
                : null,
            [.. a.Fleet.Vips.Where(v => a.Observation.HoldersOf(v).Contains(node.Name)).Select(v => v.Name)],
            seen.Resources is { } r ? new(r.CpuPercent, r.MemoryPercent, r.DiskPercent, r.DiskMount, r.Load1, r.Cpus) : null,
            seen.ConfigHash, seen.ConfigFingerprint, [.. seen.Certificates.Select(c => Of(c)!)],
            seen.KeepalivedRuns, Of(seen.Keepalived), Of(seen.DirectCheck), seen.Incomplete);
    }

    private static KeepalivedDocument? Of(KeepalivedState? k) => k is null ? null : new(k.Runs, k.Frozen, k.ConfigPath, k.RunBy, k.Error,
        [.. k.Instances.Select(i =>
            new VrrpDocument(i.Name, Word(i.State), i.Holds, i.Interface, i.RouterId, i.Version, i.Priority, i.OriginalPriority,
                i.EffectivePriority,
            i.AdvertSeconds, i.NoPreempt, i.PreemptDelaySeconds, i.SyncGroup, [.. i.Addresses.Select(a => $"{a.Address}/{a.PrefixLength}")],
            [.. i.TrackFiles.Select(t => new TrackFileDocument(t.Path, t.Weight, t.Value))]))]);

    private static VipDocument Of(Assessment a, VipObservation seen)
    {
        var vip = a.Fleet.Vip(seen.Vip);
        return new(vip.Name, vip.Address.ToString(), a.Observation.HoldersOf(vip), seen.WireMacs, seen.WireVantage, Of(seen.Through),
            seen.AnsweredBy, Of(seen.Certificate));
    }

    private static PoolDocument Of(Assessment a, PoolObservation seen)
    {
        var pool = a.Fleet.Pools.FirstOrDefault(p => p.Name == seen.Pool);
        return new(seen.Pool, seen.HealthRatio,
            [.. seen.Backends.Select(b => Of(pool?.Backends.FirstOrDefault(c => c.Name == b.Backend), b))],
            [.. pool is null
                ? []
                : AddedServer.In(pool, a.Observation)
                .Select(s => new AddedDocument(s.Seen.Backend, s.Address, s.Emergency is not null,
                    s.Seen.OnProxies.ToDictionary(p => p.Key, p => Of(p.Value))))]);
    }

    private static BackendDocument Of(Backend? backend, BackendObservation seen) => new(
        seen.Backend, backend?.Host, backend?.Port, seen.Healthy, Of(seen.FromHere), Of(seen.Deep),
        seen.FromNodes.ToDictionary(p => p.Key, p => Of(p.Value)!),
        seen.OnProxies.ToDictionary(p => p.Key, p => Of(p.Value)));

    private static ServerDocument Of(ServerState s) =>
        new(Word(s.Admin), Word(s.Health), s.Status, s.InRotation, s.Weight, s.MoreSessions is null ? s.CurrentSessions : null,
            s.Queued, s.TotalSessions, s.LastCheck);

    private static CheckDocument? Of(CheckResult? c) => c is null ? null : new(c.Healthy, Ms(c.Took), c.Detail);

    private static CertificateDocument? Of(CertificateState? c) => c is null ? null : new(c.Path, c.Subject, c.NotAfter);

    private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    /// <summary>Enum names in the case of the property names.</summary>
    private static string Word(Enum value)
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
