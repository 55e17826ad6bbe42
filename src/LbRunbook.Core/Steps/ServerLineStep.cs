using System.Text.Json.Nodes;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// HAProxy's configuration has a line for a server that was added (or not any more), so that the next reload has it, too.
/// </summary>
[StepKind("writes an added server's line into the configuration, or takes it out")]
public sealed record ServerLineStep(string Place, NewServer Server, bool Present) : Step
{
    protected override StepTraits Traits => StepTraits.Change(StepPhase.CleanUp, seconds: 20);

    public override string Describe() => Present
        ? $"write {Server.Name} into the configuration on {Place}, after its test has passed"
        : $"take {Server.Name} out of the configuration on {Place}";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var lines = await context.Ports.Balancer(Place).Members.ReadAsync(Server.Name.Pool, cancellation);
        var added = lines.Added.Contains(Server.Name.Server);
        var words = $"the configuration on {Place} has {(added ? "a" : "no")} line of lbctl's for {Server.Name}";
        // A line that somebody else wrote makes it last, too, and is theirs to delete.
        var asWanted = added == Present || (Present && lines.Configured.Contains(Server.Name.Server));
        return asWanted ? ProbeResult.Satisfied(words) : ProbeResult.Needed(words);
    }

    public override Task ApplyAsync(StepContext context, CancellationToken cancellation) => Present
        ? context.Ports.Balancer(Place).Members.WriteLineAsync(Server, cancellation)
        : context.Ports.Balancer(Place).Members.EraseLineAsync(Server.Name, cancellation);

    public override Step? Inverse(JsonNode? before) => this with { Present = !Present };
}
