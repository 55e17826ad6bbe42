using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>The proxy's service runs (or not) and starts at boot (or not).</summary>
/// <param name="Node">Node name.</param>
/// <param name="Active">Wanted run state.</param>
/// <param name="Enabled">Wanted boot state; null = leave it.</param>
public sealed record ServiceStateStep(string Node, bool Active, bool? Enabled) : Step
{

    protected override StepTraits Traits => StepTraits.Change(Active ? StepPhase.Prepare : StepPhase.CleanUp, seconds: 30);

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
        return IsAsWanted(state) ? ProbeResult.Satisfied(detail, before) : ProbeResult.Needed(detail, before);
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
        : this with { Active = (bool?)before["active"] ?? Active, Enabled = (bool?)before["enabled"] };

    // A service whose boot state nobody knows (a custom command) is not restarted for its sake.
    private bool IsAsWanted(ServiceState state) =>
        state.Active == Active && (Enabled is null || state.Enabled is null || state.Enabled == Enabled);
}
