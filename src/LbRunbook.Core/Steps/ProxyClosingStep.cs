using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>HAProxy asks its clients with every response to open their next connection anew, or no longer.</summary>
[StepKind("asks a proxy's clients politely to connect anew, or stops asking")]
public sealed record ProxyClosingStep(string Node, bool Closing) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp);

    public override string Describe() =>
        Closing ? $"ask {Node}'s clients politely to open their next connection anew" : $"stop asking {Node}'s clients to leave";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        if (await ProxyGone.ReadAsync(context, Node, context.Ports.Balancer(Node).Closing.ReadAsync, cancellation) is not { } state)
            return ProbeResult.Satisfied($"{ProxyGone.Sentence(context, Node)}: it has no clients to ask");
        if (!state.HasMap)
            return ProbeResult.Satisfied($"{Node} has no close map: its clients are not asked");
        var detail = state.Closing ? $"{Node} asks its clients to leave" : $"{Node} keeps its clients";
        return state.Closing == Closing
            ? ProbeResult.Satisfied(detail)
            : ProbeResult.Needed(detail, new JsonObject { ["closing"] = state.Closing });
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Node).Closing.SetAsync(Closing, cancellation);

    /// <summary>Only of the asking: who takes a failover back wants the old node to keep its clients.</summary>
    public override Step? Inverse(JsonNode? before) => Closing ? this with { Closing = false } : null;
}

/// <summary>The proxy gets new workers; the old ones finish what they have under way and close.</summary>
[StepKind("lets a proxy's clients go by renewing its workers")]
public sealed record ProxyRenewStep(string Node) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp) with { Verifiable = false };

    public override string Describe() => $"let {Node}'s clients go: its old workers finish and close";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var state = await context.Ports.Balancer(node.Name).ReadAsync(cancellation);
        return state.Answers
            ? ProbeResult.Needed($"{node.ProxyName} on {Node} gets new workers")
            : ProbeResult.Satisfied($"{node.ProxyName} on {Node} does not answer: it gets no new workers");
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.Balancer(Node).Closing.RenewWorkersAsync(cancellation);
}
