namespace LbRunbook.Core.Observations;

/// <summary>
/// How often clients came back to their backend. A client whose backend is not up had to go elsewhere and is not counted.
/// </summary>
/// <param name="Returns">Requests after the first one, of clients whose backend is up.</param>
/// <param name="Kept">Of these, those that came to it.</param>
internal sealed record AffinityTally(int Returns, int Kept)
{
    public double Share => Returns == 0 ? 1 : (double)Kept / Returns;

    public static AffinityTally Of(AffinityObservation seen, PoolObservation? pool)
    {
        var counted = seen.Clients.Where(c => IsUp(pool, c.Home)).ToList();
        return new(counted.Sum(c => c.Returns.Count), counted.Sum(c => c.Returns.Count(r => r == c.Home)));
    }

    /// <summary>Well, and in rotation wherever a proxy has it: a drained one sends new clients away, and rightly.</summary>
    public static bool IsUp(PoolObservation? pool, string backend) =>
        pool?.Backends.FirstOrDefault(b => b.Backend == backend) is { Healthy: true } seen && seen.OnProxies.Values.All(s => s.InRotation);
}
