using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;

namespace LbRunbook.Core.Steps;

/// <summary>keepalived on the two nodes of a move, read at once.</summary>
internal sealed record VrrpLook(KeepalivedState? From, KeepalivedState? To)
{
    public static async Task<VrrpLook> TakeAsync(StepContext context, string fromName, string toName, CancellationToken cancellation)
    {
        var from = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(fromName), cancellation);
        var to = context.Ports.Keepalived.ReadAsync(context.Fleet.Node(toName), cancellation);
        await Task.WhenAll(from, to);
        return new(from.Result, to.Result);
    }

    /// <summary>TO is the master of all of them, and FROM has let go.</summary>
    public bool Won(IEnumerable<VrrpPair> pairs) =>
        pairs.All(p => Instance(To, p.To) is { State: VrrpState.Master } && Instance(From, p.From) is null or { Holds: false });

    /// <summary>TO has them, whatever its keepalived does.</summary>
    public bool Holds(IEnumerable<VrrpPair> pairs) => pairs.All(p => Instance(To, p.To) is { Holds: true });

    /// <summary>"public: lb1 backup, lb2 master".</summary>
    public string Words(IEnumerable<VrrpPair> pairs, string fromName, string toName) =>
        string.Join(", ", pairs.Select(p => $"{p.Vip}: {fromName} {Word(Instance(From, p.From))}, {toName} {Word(Instance(To, p.To))}"));

    private static VrrpInstance? Instance(KeepalivedState? seen, VrrpSide side) =>
        seen?.Instances.FirstOrDefault(i => i.Name == side.Instance);

    private static string Word(VrrpInstance? instance) => instance switch
    {
        null => "without it",
        { State: VrrpState.Stopped, Holds: true } => "stopped, address left behind",
        _ => instance.State.ToString().ToLowerInvariant(),
    };
}
