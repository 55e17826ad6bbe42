using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Core.Steps;

/// <summary>
/// A node that lives but cannot be reached serves no virtual IP any more: its methods in order, until the wire is silent.
/// There is no way back from here; whoever was fenced is brought back by hand.
/// </summary>
/// <param name="Methods">How, in words; the methods themselves are the configuration's, they may name credentials.</param>
/// <param name="TimeoutSeconds">All methods together.</param>
[StepKind("fences a node, until nobody hears it on the wire any more")]
public sealed record FenceNodeStep(string Node, string Methods, int TimeoutSeconds) : Step
{
    /// <summary>One host's silence may be its own broken link.</summary>
    public const int Vantages = 2;

    /// <summary>For the first and the last look.</summary>
    private const int LookSeconds = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    protected override StepTraits Traits => StepTraits.Change(StepPhase.Prepare, TimeoutSeconds + LookSeconds) with
    {
        WayBack = WayBack.None,
    };

    public static FenceNodeStep Of(Node node)
    {
        var methods = node.Fence.Where(m => m.Available).ToList();
        return new(node.Name, string.Join(", else ", methods.Select(m => m.Name)),
            (int)Math.Ceiling(methods.Sum(m => m.Timeout.TotalSeconds)));
    }

    public override string Describe() => $"fence {Node}, by {Methods}, until nobody hears it any more";

    public override async Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation)
    {
        var look = await FenceLook.TakeAsync(context, context.Fleet.Node(Node), cancellation);
        return look.Verdict switch
        {
            FenceVerdict.Silent => ProbeResult.Satisfied(look.Detail),
            FenceVerdict.NotConfirmable => ProbeResult.Blocked(look.Detail),
            _ => ProbeResult.Needed(look.Detail),
        };
    }

    public override async Task ApplyAsync(StepContext context, CancellationToken cancellation)
    {
        var node = context.Fleet.Node(Node);
        var acted = false;
        var said = new List<string>();
        foreach (var method in node.Fence.Where(m => m.Available))
        {
            var started = context.Time.GetTimestamp();
            var (confirmed, report) = await TryAsync(context, node, method, cancellation);
            acted |= report.Acted;
            var line = $"{method.Name}: {report.Detail} ({context.Time.GetElapsedTime(started).TotalSeconds:0.0} s)";
            said.Add(line);
            context.Note(line);
            if (confirmed)
                return;
        }
        // A method that was begun leaves a state that nobody knows: not confirmed, never "failed, nothing changed".
        if (!acted)
            throw new AdapterException(Node, "fence", $"no way to fence {Node} worked: {string.Join("; ", said)}");
    }

    /// <summary>None: a machine that was powered off is not switched on by us.</summary>
    public override Step? Inverse(System.Text.Json.Nodes.JsonNode? before) => null;

    private static async Task<(bool Confirmed, FenceReport Report)> TryAsync(
        StepContext context, Node node, FenceMethod method, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(method.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var report = new FenceReport(Acted: true, Worked: false, $"not done within {method.Timeout.TotalSeconds:0.#} s");
        try
        {
            report = await context.Ports.Fencing.FenceAsync(node, method, context.Fleet.Vips, either.Token);
            if (!report.Worked)
                return (false, report);
            report = report with { Detail = $"{report.Detail}, but it was not confirmed within {method.Timeout.TotalSeconds:0.#} s" };
            while (true)
            {
                var own = await context.Ports.Fencing.ConfirmAsync(node, method, either.Token);
                var look = own is { Healthy: false }
                    ? new FenceLook(FenceVerdict.Alive, own.Detail)
                    : await FenceLook.TakeAsync(context, node, either.Token);
                if (look.Verdict == FenceVerdict.Silent)
                    return (true, report with { Detail = $"{(own is null ? "" : $"confirmed ({own.Detail}); ")}{look.Detail}" });
                report = report with { Detail = $"says that it worked, but {look.Detail}" };
                await Task.Delay(Pause, context.Time, either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return (false, report);
        }
    }
}
