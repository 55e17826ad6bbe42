using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using LbRunbook.Engine.Runs;

namespace LbRunbook.Engine.Backends;

/// <summary>Out of rotation, restarted until it is well, and back.</summary>
internal sealed class AutoRecoverAction(IReadOnlyList<BackendTarget> targets, AutoRecoverRequest request) : IAction
{
    public string Verb => "auto-recover";

    public string NextWhenPartial(string runId) => $"lbctl resume {runId}";

    public Task<Proposal> ProposeAsync(World world, string runId, CancellationToken cancellation) => BackendProposal.ProposeAsync(
        world, targets, Task.WhenAll(targets.Select(t => LearnAsync(world, t, cancellation))),
        (now, facts) => AutoRecoverPlanner.Build(world.Fleet, now, facts, request), cancellation);

    private static async Task<RecoveryFacts> LearnAsync(World world, BackendTarget target, CancellationToken cancellation)
    {
        var context = new StepContext(world.Fleet, world.Ports, world.Time);
        var look = BackendHealth.BrieflyAsync(context, new(target.Pool, target.Backend), cancellation);
        var why = await world.Ports.BackendHosts.WhyNotRestartAsync(target.Backend, cancellation);
        var circuit = world.Ports.Circuits.Read(new CircuitKey(world.Fleet.Cluster, target.Pool.Name, target.Backend.Name));
        return new(why, circuit.OpenStill(world.Time.GetUtcNow()), circuit.Failures, (await look).Well);
    }
}
