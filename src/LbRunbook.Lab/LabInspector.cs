namespace LbRunbook.Lab;

/// <param name="Problem">Null = does what it is there for.</param>
internal sealed record LabHostLook(LabHost Host, string? Problem, IReadOnlyList<string> Vips, IReadOnlyList<string> Faults);

/// <summary>Looks at a lab as it is now.</summary>
internal sealed class LabInspector(LabState lab)
{
    public async Task<IReadOnlyList<LabHostLook>> LookAsync(CancellationToken cancellation)
    {
        var network = new LabNetwork(lab.Addresses);
        using var readiness = new LabReadiness(lab);
        return await Task.WhenAll(lab.Hosts.Select(async host => new LabHostLook(
            host,
            await readiness.CheckAsync(host, cancellation),
            await network.VipsOfAsync(host, cancellation),
            [.. lab.Faults.Where(f => f.Host == host.Name).Select(f => f.Fault)])));
    }

    /// <summary>What is wrong beyond the faults that were asked for.</summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync(CancellationToken cancellation) =>
        lab.Faults.Count > 0
            ? []
            : [.. (await LookAsync(cancellation)).Where(l => l.Problem is not null).Select(l => $"{l.Host.Name}: {l.Problem}")];
}
