namespace LbRunbook.Adapters.Lab;

/// <summary>Waits until keepalived has elected: one holder for each virtual IP, and it is the first node.</summary>
internal static class LabElection
{
    public static async Task WaitAsync(LabState lab, TimeSpan limit, CancellationToken cancellation)
    {
        var network = new LabNetwork(lab.Addresses);
        var seen = "";
        var elected = await Poll.UntilAsync(limit, async () =>
        {
            var held = await Task.WhenAll(lab.Proxies.Select(async h => (Host: h.Name, Vips: await network.VipsOfAsync(h, cancellation))));
            seen = string.Join(", ", held.Select(h => $"{h.Host} holds {(h.Vips.Count == 0 ? "none" : string.Join(" and ", h.Vips))}"));
            return held[0].Vips.Count == 2 && held.Skip(1).All(h => h.Vips.Count == 0);
        }, cancellation);
        if (!elected)
            throw new LabException(LabProblem.Failed, $"keepalived has not elected one master within {limit.TotalSeconds:0} s: {seen}");
    }
}
