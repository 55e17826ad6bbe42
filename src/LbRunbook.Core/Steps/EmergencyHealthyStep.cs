using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>Waits until an emergency backend passes the pool's check from every load balancer that can ask.</summary>
/// <param name="Backend">Its name under <c>emergency:</c>.</param>
[StepKind("waits until an emergency backend passes the pool's check", InRunbooks = true)]
public sealed record EmergencyHealthyStep(string Pool, string Backend, int Seconds) : Step
{
    protected override StepTraits Traits => StepTraits.Check(Seconds);

    public override string Describe() =>
        $"wait up to {Seconds} s until {Backend} passes the check of pool {Pool}, asked from the load balancers";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (pool, backend) = EmergencyBackend.Find(context, Pool, Backend);
        var answers = (await Task.WhenAll(context.Fleet.Nodes.Select(n => AskAsync(context, n, pool, backend, cancellation))))
            .OfType<string>().ToList();
        if (answers.Count == 0)
            throw new AdapterException(Backend, "checking", $"no load balancer could ask whether {Backend} is well");
        var bad = answers.Where(a => a.Length > 0).ToList();
        return bad.Count == 0
            ? ProbeResult.Satisfied($"{Backend} ({backend.Address}) is well, seen from {answers.Count} of "
                + $"{context.Fleet.Nodes.Count} nodes")
            : ProbeResult.Needed(string.Join("; ", [.. bad, .. await ServiceAsync(context, backend, cancellation)]));
    }

    /// <summary>A unit that ends at once was "running" for a moment: what has become of it says more than a refused connection.</summary>
    private static async Task<IEnumerable<string>> ServiceAsync(StepContext context, Backend backend, CancellationToken cancellation)
    {
        if (!backend.HasService)
            return [];
        try
        {
            var state = await context.Ports.Services.ReadAsync(backend.Machine, cancellation);
            return [$"{backend.Service.Name ?? "its service"} on {backend.Name} is {state.SubState}"];
        }
        catch (AdapterException e)
        {
            return [e.Message];
        }
    }

    /// <returns>Empty = well; null = the node could not ask.</returns>
    private static async Task<string?> AskAsync(StepContext context, Node node, Pool pool, Backend backend, CancellationToken cancellation)
    {
        try
        {
            var check = await context.Ports.Balancer(node.Name).CheckAsync(pool, backend,
                pool.Health?.Timeout ?? context.Fleet.Thresholds.Timeout, cancellation);
            return check.Healthy ? "" : $"from {node.Name}: {check.Detail}";
        }
        catch (AdapterException)
        {
            return null;
        }
    }
}

internal static class EmergencyBackend
{
    /// <exception cref="AdapterException">The configuration has changed since the plan was made.</exception>
    public static (Pool Pool, Backend Backend) Find(StepContext context, string poolName, string backendName)
    {
        var pool = context.Fleet.Pools.FirstOrDefault(p => p.Name == poolName);
        return pool?.Emergency.FirstOrDefault(b => b.Name == backendName) is { } backend
            ? (pool, backend)
            : throw new AdapterException(backendName, "emergency backend",
                $"pool {poolName} has no emergency backend {backendName} in the configuration any more");
    }
}
