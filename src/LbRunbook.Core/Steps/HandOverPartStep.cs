using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>One node's part in a hand-over, before the address moves.</summary>
/// <param name="Id">Names rules, folder and timer.</param>
/// <param name="Vips">VIP names, separated by commas: one value, so that two equal steps are equal.</param>
/// <param name="Seconds">When the node ends it by itself.</param>
public abstract record HandOverPartStep([property: JsonPropertyOrder(-1)] string Node, string Id, string Vips, int Seconds) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare) with { Scaffold = true };

    public sealed override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        foreach (var vip in Vips.Split(','))
            if (TooLate(vip, (await VipHolding.ReadAsync(context, vip, Node, cancellation)).Held) is { } why)
                return ProbeResult.Satisfied(why);
        var missing = await context.Ports.HandOver.MissingAsync(Part(context), cancellation);
        return missing.Count == 0
            ? ProbeResult.Satisfied(Ready)
            : ProbeResult.Needed($"missing on {Node}: {string.Join(", ", missing)}", new JsonObject { ["missing"] = missing.Count });
    }

    public sealed override Task ApplyAsync(StepContext context, CancellationToken cancellation) =>
        context.Ports.HandOver.PrepareAsync(Part(context), cancellation);

    public sealed override Step? Inverse(JsonNode? before) => before is null ? null : new HandOverEndStep(Node, Id);

    /// <summary>What is seen when it is done.</summary>
    protected abstract string Ready { get; }

    /// <returns>Why this part has no sense any more, given whether the node holds the address; null = it has.</returns>
    protected abstract string? TooLate(string vip, bool held);

    protected abstract HandOverPart Part(StepContext context);
}
