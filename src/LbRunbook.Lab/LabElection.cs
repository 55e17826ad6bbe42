namespace LbRunbook.Lab;

/// <summary>Waits until keepalived has elected: one holder for each virtual IP, and it is the first node.</summary>
internal sealed class LabElection(LabState lab)
{
    private readonly LabNetwork _network = new(lab.Addresses);
    private readonly LabMachine _machine = new(lab.Addresses, lab.Paths);

    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var seen = "";
        var elected = await Poll.UntilAsync(limit, async () =>
        {
            var held = await Task.WhenAll(lab.Proxies.Select(async h => (Host: h, Vips: await _network.VipsOfAsync(h, cancellation))));
            seen = string.Join(", ",
                held.Select(h => $"{h.Host.Name} holds {(h.Vips.Count == 0 ? "none" : string.Join(" and ", h.Vips))}"));
            var others = held.Skip(1).Where(h => h.Vips.Count > 0).Select(h => h.Host).ToList();
            // Whoever came up first would keep them for ever: nobody takes an address from a master there.
            if (lab.Keepalived == LabKeepalived.NoPreempt)
                await Task.WhenAll(others.Select(h =>
                    _machine.RunInsideAsync("new election", h, ["systemctl", "restart", "keepalived"], cancellation)));
            return held[0].Vips.Count == 2 && others.Count == 0;
        }, cancellation);
        if (!elected)
            throw new LabException(LabProblem.Failed, $"keepalived has not elected one master within {limit.TotalSeconds:0} s: {seen}");
    }
}
