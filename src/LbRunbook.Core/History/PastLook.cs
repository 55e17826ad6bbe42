using System.Text.Json.Serialization;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.History;

/// <summary>What is remembered of one look: enough to see a trend, no addresses, no texts.</summary>
internal sealed record PastLook(DateTimeOffset At, IReadOnlyList<PastPool> Pools)
{
    /// <summary>Null in what an earlier version has written.</summary>
    public IReadOnlyList<PastNode>? Nodes { get; init; }

    public static PastLook Of(Observation seen) => new(seen.TakenAt, [.. seen.Pools.Select(p => Of(seen, p))])
    {
        Nodes = [.. seen.Nodes.Where(n => n.Resources is not null || n.Proxy is { Answers: true })
            .Select(n => new PastNode(
                n.Node, n.Resources?.CpuPercent, n.Proxy is { Answers: true, IdlePercent: { } idle } ? 100 - idle : null))],
    };

    private static PastPool Of(Observation seen, PoolObservation pool)
    {
        var pids = seen.Nodes.Where(n => n.Proxy is { Answers: true }).ToDictionary(n => n.Node, n => n.Proxy!.Pid);
        var tally = seen.Affinities.FirstOrDefault(a => a.Pool == pool.Pool) is { } affinity ? AffinityTally.Of(affinity, pool) : null;
        return new(pool.Pool, [.. pool.Backends.Where(WasSeen).Select(b => Of(b, pids))],
            tally is { Returns: > 0 } ? new(tally.Returns, tally.Kept) : null);
    }

    private static PastBackend Of(BackendObservation seen, Dictionary<string, int> pids) => new(
        seen.Backend, seen.Healthy, seen.OnProxies.Values.Any(s => s.Admin != AdminState.Ready), Milliseconds(seen),
        [.. seen.OnProxies.Where(p => pids.ContainsKey(p.Key)).Select(p => new PastServer(
            p.Key, pids[p.Key], p.Value.InRotation, p.Value.Weight, p.Value.CurrentSessions, p.Value.TotalSessions, p.Value.Errors))]);

    /// <summary>
    /// The slower of the two kinds of check; of several places that made the same one the middle, for one of them may be far away.
    /// </summary>
    private static double? Milliseconds(BackendObservation seen)
    {
        List<double> shallow = [.. seen.FromNodes.Values.Append(seen.FromHere).Where(c => c is { Healthy: true })
            .Select(c => c!.Took.TotalMilliseconds)];
        List<double> each = shallow.Count > 0 ? [Median.Of(shallow)] : [];
        if (seen.Deep is { Healthy: true } deep)
            each.Add(deep.Took.TotalMilliseconds);
        return each.Count == 0 ? null : Math.Round(each.Max(), 1);
    }

    private static bool WasSeen(BackendObservation seen) =>
        seen.FromHere is not null || seen.Deep is not null || seen.OnProxies.Count > 0 || seen.FromNodes.Count > 0;
}

/// <param name="Cpu">Percent, in the blink of that look; null = not measured.</param>
/// <param name="Proxy">The same of the proxy's own process.</param>
internal sealed record PastNode(string Name, double? Cpu, double? Proxy);

/// <param name="Affinity">Null = not measured then.</param>
internal sealed record PastPool(string Name, IReadOnlyList<PastBackend> Backends, PastAffinity? Affinity);

/// <param name="Returns">Requests of clients that had been there before, and whose backend was up.</param>
/// <param name="Kept">Of these, those that came to their backend.</param>
internal sealed record PastAffinity(int Returns, int Kept);

/// <param name="Isolated">Somebody had taken it out.</param>
/// <param name="Ms">Time of its health checks; null = none passed.</param>
internal sealed record PastBackend(string Name, bool Up, bool Isolated, double? Ms, IReadOnlyList<PastServer> On);

/// <summary>Counters of one proxy; they begin anew with its process.</summary>
internal sealed record PastServer(string Node, int Pid, bool InRotation, int Weight, long Current, long Total, long? Errors);

/// <summary>A line that lacks something is no look: it must not come back as nulls.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PastLook))]
internal sealed partial class PastLookJson : JsonSerializerContext;
