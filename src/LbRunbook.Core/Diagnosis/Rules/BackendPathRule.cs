using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Core.Diagnosis.Rules;

/// <summary>BackendUnreachableFromNode: the backend is well, the way to it is not.</summary>
internal static class BackendPathRule
{
    public static IEnumerable<Finding> Apply(Situation situation) =>
        situation.Seen.Pools.SelectMany(pool => pool.Backends.SelectMany(seen => Of(situation, pool, seen)));

    private static IEnumerable<Finding> Of(Situation situation, PoolObservation pool, BackendObservation seen)
    {
        var configured = situation.Fleet.Pools.FirstOrDefault(p => p.Name == pool.Pool);
        if (configured?.Backends.FirstOrDefault(b => b.Name == seen.Backend) is not { } backend)
            yield break;
        var subject = $"{pool.Pool}/{seen.Backend}";
        var well = seen.FromNodes.Where(p => p.Value.Healthy).Select(p => p.Key).ToList();
        var witness = seen.FromHere is { Healthy: true } ? "here" : well.FirstOrDefault();
        if (witness is not null)
            foreach (var (name, check) in seen.FromNodes.Where(p => !p.Value.Healthy))
                yield return new(DiagnosisCode.BackendUnreachableFromNode, Severity.Warning, subject,
                    $"{seen.Backend} answers from {witness} but not from {name} ({check.Detail})",
                    Look(situation, configured, backend, name));

        // We may simply stand outside the backends' network: only a difference between backends says something.
        var anyFromHere = pool.Backends.Any(b => b.FromHere is { Healthy: true });
        if (seen.FromHere is { Healthy: false } here && anyFromHere && well.Count > 0 && well.Count == seen.FromNodes.Count)
            yield return new(DiagnosisCode.BackendUnreachableFromNode, Severity.Ok, subject,
                $"{seen.Backend} answers from {string.Join(" and ", well)} but not from here ({here.Detail})",
                configured.Health is HttpCheck http ? Curl(backend, http) : $"nc -vz -w 2 {backend.Host} {backend.Port}");
    }

    private static string? Look(Situation situation, Pool pool, Backend backend, string nodeName) =>
        situation.Fleet.FindNode(nodeName) is { } node
            ? SshText.To(node, pool.Health is HttpCheck http ? Curl(backend, http) : $"nc -vz -w 2 {backend.Host} {backend.Port}")
            : null;

    public static string Curl(Backend backend, HttpCheck check)
    {
        var host = backend.Host.Contains(':') ? $"[{backend.Host}]" : backend.Host;
        return $"curl -sv -m 5 {(check.Tls ? "https" : "http")}://{host}:{check.PortOn(backend.Port)}{check.Path}";
    }
}
