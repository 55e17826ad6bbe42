using System.Text.Json.Nodes;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// Somebody had a server out of rotation before the run. A repair may give it back in the middle of a step, when its pool runs short, and
/// the step that was to bring it back then finds nothing to do: this one keeps what an undo has to bring back.
/// </summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="State">Drain or Maint.</param>
[StepKind("notes that a server was out of rotation already")]
public sealed record ServerWasStep(string Place, ServerName Server, AdminState State) : Step
{
    protected override StepTraits Traits => StepTraits.Check();

    public override string Describe() =>
        $"note that {Server} on {Place} is {(State == AdminState.Maint ? "in maintenance" : "drained")} already: an undo leaves it so";

    public override Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation) =>
        Task.FromResult(ProbeResult.Satisfied($"{Server} on {Place} was out of rotation before"));

    public override Step? Inverse(JsonNode? before) => new ServerStateStep(Place, Server, State, Exactly: true);
}
