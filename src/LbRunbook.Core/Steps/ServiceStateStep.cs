using System.Net;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>The proxy's service runs (or not) and starts at boot (or not).</summary>
/// <param name="Enabled">Wanted boot state; null = leave it.</param>
/// <param name="UnlessHolding">
/// It takes a start back, at the end and not first: while the node holds a virtual IP it goes on, for an undo that leaves an address there
/// leaves it served.
/// </param>
[StepKind("starts or stops a node's proxy, now and at boot", InRunbooks = true)]
public sealed record ServiceStateStep(
    string Node, bool Active, bool? Enabled,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool UnlessHolding = false) : Step
{
    protected override StepTraits Traits =>
        StepTraits.Change(Active && !UnlessHolding ? StepPhase.Prepare : StepPhase.CleanUp, seconds: 30);

    public override string Describe()
    {
        var boot = Enabled switch { true => ", enabled at boot", false => ", disabled at boot", null => "" };
        return $"{(Active ? "start" : "stop")} the proxy service on {Node}{boot}";
    }

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var state = await context.Ports.Services.ReadAsync(node, cancellation);
        var before = new JsonObject { ["active"] = state.Active, ["enabled"] = state.Enabled };
        var boot = state.Enabled switch { true => ", enabled", false => ", disabled", null => "" };
        var detail = $"{node.ServiceName} on {Node} is {state.SubState}{boot}";
        if (IsAsWanted(state))
            return ProbeResult.Satisfied(detail, before);
        if (UnlessHolding && !Active && await HeldAsync(context, node, cancellation) is { Count: > 0 } held)
            return ProbeResult.Satisfied($"{detail}, and stays so: {Node} holds {string.Join(", ", held)}", before);
        return ProbeResult.Needed(detail, before);
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        if (Active)
            await context.Ports.Services.StartAsync(node, cancellation);
        if (Enabled is { } enabled)
            await context.Ports.Services.SetEnabledAsync(node, enabled, cancellation);
        if (!Active)
            await context.Ports.Services.StopAsync(node, cancellation);
    }

    public override Step? Inverse(JsonNode? before) => before is null
        ? null
        : this with { Active = (bool?)before["active"] ?? Active, Enabled = (bool?)before["enabled"], UnlessHolding = Active };

    private static async Task<IReadOnlyList<string>> HeldAsync(StepContext context, Node node, CancellationToken cancellation)
    {
        var addresses = await context.Ports.VirtualIps.ReadAsync(node, cancellation);
        return [.. context.Fleet.Vips
            .Where(v => addresses
                .Any(a => !a.Silent && IPAddress.TryParse(a.Address, out var parsed) && parsed.Equals(v.Address))).Select(v => v.Name)];
    }

    // A service whose boot state nobody knows (a custom command) is not restarted for its sake.
    private bool IsAsWanted(ServiceState state) =>
        state.Active == Active && (Enabled is null || state.Enabled is null || state.Enabled == Enabled);
}
