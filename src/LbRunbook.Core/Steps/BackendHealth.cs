using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Whether a backend can do its work: its process, its port and its checks, shallow and deep, asked on its own machine and on every
/// node that would send traffic there. A backend that only it itself can reach is not well.
/// </summary>
/// <param name="Words">What is wrong, or how it was seen to be well.</param>
/// <param name="Service">Null = its machine was not asked.</param>
internal sealed record BackendHealth(bool Well, string Words, ServiceState? Service)
{
    /// <summary>What is well says so at once; who has to be waited for is not.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(1.5);

    /// <summary>A look that keeps nobody waiting: a hung backend is about to be taken out, and its clients wait meanwhile.</summary>
    /// <returns>Not well when it took too long, or could not be done.</returns>
    public static async Task<BackendHealth> BrieflyAsync(StepContext context, BackendKnown known, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Brief, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return await TakeAsync(context, known, both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(false, $"{known.Backend.Name} does not answer within "
                + $"{Brief.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s", null);
        }
        catch (AdapterException e)
        {
            return new(false, e.Message, null);
        }
    }

    /// <summary>Only the check that the proxies make: enough to give it traffic when there is nobody else.</summary>
    public static async Task<bool> PassesShallowAsync(
        StepContext context, BackendKnown known, IReadOnlyList<BackendServer> servers, CancellationToken cancellation)
    {
        var seen = await Task.WhenAll(servers.Select(s => FromNodeAsync(context, s.Node, known.Pool, known.Backend, cancellation)));
        return seen.OfType<Seen>().Any() && seen.OfType<Seen>().All(s => s.Result.Healthy);
    }

    public static async Task<BackendHealth> TakeAsync(StepContext context, BackendKnown known, CancellationToken cancellation)
    {
        var (pool, backend) = known;
        ServiceState? service = null;
        if (backend.Ssh is not null)
        {
            service = await context.Ports.BackendHosts.ReadAsync(backend, cancellation);
            if (!service.Active)
                return new(false, $"{backend.Service.Name ?? "its service"} on {backend.Name} is {service.SubState}", service);
        }
        var servers = await known.ServersAsync(context, cancellation);
        var looks = Checks(pool).SelectMany(p => Looks(context, p, backend, servers, cancellation));
        var seen = (await Task.WhenAll(looks)).OfType<Seen>().ToList();
        if (seen.Count == 0)
            return new(false, $"nobody could check {backend.Name}", service);
        return seen.FirstOrDefault(s => !s.Result.Healthy) is { } bad
            ? new(false, $"{bad.What} of {backend.Name} from {bad.Place}: {bad.Result.Detail}", service)
            : new(true, $"{backend.Name} is well: {string.Join(", ", seen.Select(s => s.What).Distinct())} seen from "
                + $"{string.Join(", ", seen.Select(s => s.Place).Distinct())}", service);
    }

    /// <summary>The pool with each of its checks in the place of the shallow one.</summary>
    private static IEnumerable<(string What, Pool Pool)> Checks(Pool pool)
    {
        yield return (pool.Health is null ? "port" : "health", pool);
        if (pool.DeepHealth is not null)
            yield return ("deep health", pool with { Health = pool.DeepHealth });
    }

    private static IEnumerable<Task<Seen?>> Looks(StepContext context, (string What, Pool Pool) check, Backend backend,
        IReadOnlyList<BackendServer> servers, CancellationToken cancellation)
    {
        // A program of this machine: no other could run it.
        if (check.Pool.Health is CommandCheck command)
            yield return SeenAsync(check.What, "here",
                context.Ports.HealthChecks.CheckAsync(command, backend.Host, backend.Port, TimeoutOf(context, check.Pool), cancellation));
        if (backend.Ssh is not null)
            yield return SeenAsync(check.What, "itself",
                context.Ports.BackendHosts.CheckAsync(check.Pool, backend, TimeoutOf(context, check.Pool), cancellation));
        foreach (var server in servers)
            yield return FromNodeAsync(context, server.Node, check.Pool, backend, cancellation, check.What);
    }

    private static Task<Seen?> FromNodeAsync(
        StepContext context, Node node, Pool pool, Backend backend, CancellationToken cancellation, string what = "health") =>
        SeenAsync(what, node.Name, context.Ports.Balancer(node.Name).CheckAsync(pool, backend, TimeoutOf(context, pool), cancellation));

    /// <returns>Null when the place could not be asked: that says nothing about the backend.</returns>
    private static async Task<Seen?> SeenAsync(string what, string place, Task<CheckResult> check)
    {
        try
        {
            return new(what, place, await check);
        }
        catch (AdapterException)
        {
            return null;
        }
    }

    private static TimeSpan TimeoutOf(StepContext context, Pool pool) => pool.Health?.Timeout ?? context.Fleet.Thresholds.Timeout;

    private sealed record Seen(string What, string Place, CheckResult Result);
}
