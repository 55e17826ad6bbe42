using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>Looks at everything at once and comes back when all is seen or the budget is over, whichever is first.</summary>
internal sealed class FleetObserver(Observers with, TimeProvider time) : IFleetObserver
{
    public static FleetObserver Over(AdapterSet adapters, TimeProvider time) =>
        new(new(adapters.Shell, adapters.Services, (place, token) => adapters.Balancer(place).ReadAsync(token), adapters.Wire,
            adapters.HealthChecks), time);

    public async Task<Observation> ObserveAsync(Fleet fleet, ObservationScope scope, CancellationToken cancellation)
    {
        var takenAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        // Not disposed: what ignores the end of the budget may still look at the token afterwards.
        var budget = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var eyes = with with { EverybodyElse = [.. fleet.Nodes.Select(n => n.Name), .. fleet.Witnesses.Select(w => w.Name)] };

        var nodes = fleet.Nodes.Where(n => scope.Nodes?.Contains(n.Name) != false)
            .ToDictionary(n => n.Name, n => NodeLook.Start(eyes, fleet, n, scope, budget.Token));
        var vips = fleet.Vips.Select(v => VipLook.Start(eyes, fleet, v, nodes, scope, budget.Token)).ToList();
        var backends = !scope.Full ? [] : fleet.Pools
            .SelectMany(p => p.Backends.Select(b => BackendLook.Start(eyes, fleet, p, b, scope, budget.Token))).ToList();
        var affinities = !scope.Full
            ? []
            : fleet.Pools.Select(p => AffinityLook.Start(eyes, fleet, p, budget.Token)).OfType<AffinityLook>().ToList();

        var all = Task.WhenAll([.. nodes.Values.Select(n => n.Finished), .. vips.Select(v => v.Finished),
            .. backends.Select(b => b.Finished), .. affinities.Select(a => a.Finished)]);
        await WaitAsync(all, scope.Budget, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (!all.IsCompleted)
        {
            await budget.CancelAsync();
            // The results were decided by the cancellation; this only lets child processes hear of it before we may exit.
            await WaitAsync(all, Timings.Grace, CancellationToken.None);
        }

        var missing = new List<string>();
        var seen = nodes.ToDictionary(p => p.Key, p => p.Value.Result(scope.Budget));
        List<(NodeObservation, NodeLook)> both = [.. nodes.Select(p => (seen[p.Key], p.Value))];
        // Reaching nobody is a statement about us until something else on the way answers.
        var blind = seen.Count > 0 && seen.Values.All(n => n.Reach is not (Reach.Ok or Reach.SudoNeedsPassword));
        var surroundings = blind ? await SurroundingsLook.TakeAsync(eyes, fleet, cancellation) : [];
        return new()
        {
            Surroundings = surroundings,
            TakenAt = takenAt,
            Nodes = [.. seen.Values],
            Vips = [.. vips.Select(v => v.Result([.. seen.Values], missing))],
            Pools = [.. backends.GroupBy(b => b.Pool)
                .Select(g => new PoolObservation { Pool = g.Key, Backends = [.. g.Select(b => b.Result(both, missing))] })],
            // Bounded by itself; what has failed for a reason that nobody thought of has not been measured.
            Affinities = [.. affinities.Where(a => a.Finished.IsCompletedSuccessfully).Select(a => a.Finished.Result)],
            Incomplete = missing,
            Took = time.GetElapsedTime(started),
        };
    }

    private async Task WaitAsync(Task all, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(all, Task.Delay(limit, time, timer.Token));
        await timer.CancelAsync();
    }
}
