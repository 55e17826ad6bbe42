using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// A new server's weight grows to its full value while its errors are watched. One that fails under its first traffic gets none any more;
/// it is not taken out, for the others may say something else of it.
/// </summary>
/// <param name="Server">Its names in the proxy.</param>
/// <param name="From">With its first traffic.</param>
/// <param name="To">At full load.</param>
/// <param name="Seconds">For all of it.</param>
/// <param name="Existed">It was there before, and gets its weight from then in an undo; a new one is taken out with all that it
/// has.</param>
/// <param name="Served">It was ready before: it stays so if it does not do well.</param>
[StepKind("lets a server's weight grow while its errors are watched", InRunbooks = true)]
public sealed record ServerWarmUpStep(
    string Place, ServerName Server, int From, int To, double Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Existed = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Served = false) : Step
{
    /// <summary>Percent of the full weight.</summary>
    private static readonly int[] s_levels = [25, 50, 75, 100];

    /// <summary>There each one is a reload, and each reload costs some clients their idle connection.</summary>
    private static readonly int[] s_reloads = [50, 100];

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Make, (int)Math.Ceiling(Seconds) + 60) with
    {
        Verifiable = From < To,
    };

    public override string Describe() => From < To
        ? $"let the weight of {Server} on {Place} grow from {From} to {To} within {Seconds:0.#} s"
        : $"watch {Server} on {Place} for {Seconds:0.#} s";

    /// <summary>Percent where 1 is the least that there is: what a server of this weight begins with.</summary>
    public static int FirstOf(int weight, double seconds) => seconds > 0 ? Math.Max(1, weight / 10) : weight;

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var (server, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        var words = ServerSeen.Words(Place, server);
        return From < To && server.Weight == To && server.InRotation
            ? ProbeResult.Satisfied(words, ServerSeen.Before(server))
            : ProbeResult.Needed(words, ServerSeen.Before(server));
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var (now, _) = await ServerSeen.ReadAsync(context, Place, Server, cancellation);
        var levels = (context.Fleet.Node(Place).Can.SetsAtRunTime ? s_levels : s_reloads).Select(p => To * p / 100)
            .Where(w => w > now.Weight).Distinct().ToList();
        // A reload waits for clients: that is a part of the time.
        var pause = Math.Max(0, (Seconds / Math.Max(1, levels.Count)) - context.Fleet.Node(Place).Can.ChangeTakes.TotalSeconds);
        try
        {
            foreach (var weight in levels)
            {
                await new ServerSteadyStep(Place, Server, pause).ApplyAsync(context, cancellation);
                await context.Ports.Balancer(Place).SetWeightAsync(Server, weight, cancellation);
            }
            if (levels.Count == 0)
                await new ServerSteadyStep(Place, Server, Seconds).ApplyAsync(context, cancellation);
        }
        catch (AdapterException e) when (!Served && e.Operation == ServerSteadyStep.Watching)
        {
            await context.Ports.Balancer(Place).SetStateAsync(Server, AdminState.Drain, cancellation);
            throw;
        }
    }

    public override Step? Inverse(JsonNode? before) =>
        Existed && (int?)before?["weight"] is { } weight ? new ServerWeightStep(Place, Server, weight) : null;
}
