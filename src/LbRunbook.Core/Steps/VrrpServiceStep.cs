using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>keepalived runs on the node, or not. Stopped politely it says so on the wire, and the next master takes over within its skew time.</summary>
/// <param name="Node">Where.</param>
/// <param name="Active">Wanted.</param>
/// <param name="Kill">For a frozen process, which must not be continued first.</param>
/// <param name="RequireProxy">Refuse to start it in front of a dead proxy: it would take the addresses to where nobody serves.</param>
public sealed record VrrpServiceStep(string Node, bool Active, bool Kill = false, bool RequireProxy = true) : Step
{
    protected override StepTraits Traits => StepTraits.Change(Active ? StepPhase.Make : StepPhase.Break, seconds: 20);

    public override string Describe() => $"{(Active ? "start" : Kill ? "kill the frozen" : "stop")} keepalived on {Node}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var state = await context.Ports.Keepalived.ReadAsync(node, cancellation);
        var runs = state is { Runs: true };
        var before = new JsonObject { ["active"] = runs };
        var detail = $"keepalived on {Node} {(state is { Frozen: true } ? "is frozen" : runs ? "runs" : "does not run")}";
        if (runs == Active)
            return ProbeResult.Satisfied(detail, before);
        if (Active && RequireProxy && await context.Ports.LoadBalancers.ReadAsync(node, cancellation) is { Answers: false } proxy)
            return ProbeResult.Blocked($"{node.ProxyName} on {Node} does not answer ({proxy.Error}); keepalived would take the addresses there");
        return ProbeResult.Needed(detail, before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) => Active
        ? context.Ports.Keepalived.StartAsync(context.Fleet.Node(Node), cancellation)
        : context.Ports.Keepalived.StopAsync(context.Fleet.Node(Node), Kill, cancellation);

    /// <summary>A keepalived that was started stays: it is what the cluster's operator configured, and stopping it again could leave no holder.</summary>
    public override Step? Inverse(JsonNode? before) =>
        !Active && (bool?)before?["active"] == true ? new VrrpServiceStep(Node, Active: true) : null;
}
