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

        var run = new LookRun(eyes, fleet, scope, budget.Token);
        var nodes = new NodesLook(run);
        IReadOnlyList<ILook> looks = [nodes, .. Looks.BesideTheNodes.Select(start => start(run, nodes))];

        var all = Task.WhenAll(looks.Select(l => l.Finished));
        await WaitAsync(all, scope.Budget, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (!all.IsCompleted)
        {
            await budget.CancelAsync();
            // The results were decided by the cancellation; this only lets child processes hear of it before we may exit.
            await WaitAsync(all, Timings.Grace, CancellationToken.None);
        }

        var seen = looks.Aggregate(new Observation { TakenAt = takenAt, Took = TimeSpan.Zero, Nodes = [] },
            (known, look) => look.AddTo(known));
        // Reaching nobody is a statement about us until something else on the way answers.
        var blind = seen.Nodes.Count > 0 && seen.Nodes.All(n => n.Reach is not (Reach.Ok or Reach.SudoNeedsPassword));
        return seen with
        {
            Surroundings = blind ? await SurroundingsLook.TakeAsync(eyes, fleet, cancellation) : [],
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
