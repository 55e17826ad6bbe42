using System.Text.Json.Nodes;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>What serves on an emergency backend runs, or not: a systemd unit, a container, or whatever commands are configured.</summary>
/// <param name="Backend">Its name under <c>emergency:</c>.</param>
/// <param name="StartedBy">The run that started what is stopped; null = not known here.</param>
[StepKind("starts or stops what serves on an emergency backend", InRunbooks = true)]
public sealed record EmergencyServiceStep(string Pool, string Backend, bool Active, string? StartedBy = null) : Step
{
    // A container or a machine takes longer than a unit.
    protected override StepTraits Traits => StepTraits.Change(Active ? StepPhase.Prepare : StepPhase.CleanUp, seconds: 120);

    public override string Describe() =>
        $"{(Active ? "start" : "stop")} the service of emergency backend "
            + $"{Backend}{(StartedBy is null ? "" : $", which {StartedBy} had started")}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var host = Host(context);
        var state = await context.Ports.Services.ReadAsync(host, cancellation);
        var before = new JsonObject { ["active"] = state.Active };
        var words = $"{host.Service.Name ?? "the service"} on {Backend} is {state.SubState}";
        return state.Active == Active ? ProbeResult.Satisfied(words, before) : ProbeResult.Needed(words, before);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) => Active
        ? context.Ports.Services.StartAsync(Host(context), cancellation)
        : context.Ports.Services.StopAsync(Host(context), cancellation);

    public override Step? Inverse(JsonNode? before) => (bool?)before?["active"] is { } active ? this with
    {
        Active = active,
        StartedBy = null,
    } : null;

    private ServiceHost Host(StepContext context) => EmergencyBackend.Find(context, Pool, Backend).Backend.Machine;
}
