using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>One backend from here; what the nodes and their proxies say of it is added at the end.</summary>
internal sealed class BackendLook(Pool pool, Backend backend, Glance<CheckResult> shallow, Glance<CheckResult?> deep)
{
    public string Pool => pool.Name;
    public Task Finished => Task.WhenAll(Quiet(shallow.Task), Quiet(deep.Task));

    public static BackendLook Start(
        Observers with, Fleet fleet, Pool pool, Backend backend, ObservationScope scope, CancellationToken budget)
    {
        var timeout = Timings.CheckTimeout(fleet, scope);
        return new(
            pool,
            backend,
            new($"{backend.Name} from here",
                with.Checks.CheckAsync(pool.Health ?? new TcpCheck(), backend.Host, backend.Port, pool.Health?.Timeout ?? timeout, budget)),
            new($"deep check of {backend.Name}", DeepAsync(with, pool, backend, timeout, budget)));
    }

    public BackendObservation Result(IReadOnlyList<(NodeObservation Seen, NodeLook Look)> nodes, ICollection<string> missing)
    {
        var key = LookScript.Key(pool, backend);
        var fromNodes = new Dictionary<string, CheckResult>();
        var onProxies = new Dictionary<string, ServerState>();
        foreach (var (seen, look) in nodes)
        {
            if (look.BackendChecks.TryGetValue(key, out var check))
                fromNodes[seen.Node] = check;
            if (ServerMatch.All(seen.Proxy, pool, backend).FirstOrDefault() is { } server)
                onProxies[seen.Node] = server;
        }
        return new()
        {
            Backend = backend.Name,
            FromHere = shallow.Take(missing),
            Deep = deep.Take(missing),
            FromNodes = fromNodes,
            OnProxies = onProxies,
        };
    }

    private static async Task<CheckResult?> DeepAsync(
        Observers with, Pool pool, Backend backend, TimeSpan timeout, CancellationToken budget) =>
        pool.DeepHealth is { } deep
            ? await with.Checks.CheckAsync(deep, backend.Host, backend.Port, deep.Timeout ?? timeout, budget)
            : null;

    private static async Task Quiet(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
