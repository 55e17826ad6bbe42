using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>All virtual IPs.</summary>
internal sealed class VipsLook(LookRun run, NodesLook nodes) : ILook
{
    private readonly IReadOnlyList<VipLook> _vips =
        [.. run.Fleet.Vips.Select(v => VipLook.Start(run.With, run.Fleet, v, nodes.ByName, run.Scope, run.Budget))];

    public Task Finished => Task.WhenAll(_vips.Select(v => v.Finished));

    public Observation AddTo(Observation seen)
    {
        List<string> missing = [.. seen.Incomplete];
        return seen with { Vips = [.. _vips.Select(v => v.Result(seen.Nodes, missing))], Incomplete = missing };
    }
}
