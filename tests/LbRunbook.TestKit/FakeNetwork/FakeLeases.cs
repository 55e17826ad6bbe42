using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>Leases in memory with a clock that only the test moves; the same contract holds for lease.sh.</summary>
internal sealed class FakeLeases : ILeases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Node, string Cluster), Kept> _leases = [];
    private readonly Dictionary<(string Node, string Cluster), (long Number, TimeSpan? Released)> _counts = [];
    private readonly Dictionary<string, int> _boots = [];

    private sealed record Kept(LeaseClaim Claim, long Token, TimeSpan Taken, TimeSpan Renewed, TimeSpan TimeToLive);

    /// <summary>The nodes' uptime.</summary>
    public TimeSpan Now { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Nodes that never answer.</summary>
    public HashSet<string> Silent { get; } = [];

    /// <summary>Nodes that refuse the login.</summary>
    public HashSet<string> Refusing { get; } = [];

    /// <summary>Nodes that have no room for one.</summary>
    public HashSet<string> Full { get; } = [];

    /// <summary>Runs before every call: "take lb1".</summary>
    public Action<string>? OnCall { get; set; }

    public void Reboot(string node)
    {
        lock (_gate)
        {
            _boots[node] = _boots.GetValueOrDefault(node) + 1;
            foreach (var key in _leases.Keys.Where(k => k.Node == node).ToList())
                _leases.Remove(key);
        }
    }

    public string? IdOn(string node, string cluster)
    {
        lock (_gate)
            return _leases.GetValueOrDefault((node, cluster))?.Claim.Id;
    }

    public Task<LeaseReply> TakeAsync(Node node, LeaseClaim claim, string? insteadOf, CancellationToken cancellation) =>
        CallAsync("take", node, claim.Cluster, (key, now) => now switch
        {
            { } mine when mine.Claim.Id == claim.Id => Keep(key, mine with { Renewed = Now }),
            { } other when Lives(other) && other.Claim.Id != insteadOf => new(LeaseState.Others, Seen(other)),
            _ => Take(key, claim),
        }, cancellation);

    public Task<LeaseReply> RenewAsync(Node node, LeaseClaim claim, string boot, CancellationToken cancellation) =>
        CallAsync("renew", node, claim.Cluster, (key, now) => now switch
        {
            { } mine when mine.Claim.Id == claim.Id => Keep(key, mine with { Renewed = Now }),
            { } other when Lives(other) => new(LeaseState.Others, Seen(other)),
            _ => BootOf(key.Node) == boot ? new(LeaseState.Gone) : Take(key, claim),
        }, cancellation);

    public Task ReleaseAsync(Node node, LeaseClaim claim, CancellationToken cancellation) =>
        CallAsync("release", node, claim.Cluster, (key, now) => now?.Claim.Id == claim.Id ? GiveBack(key, null) : new(LeaseState.Free),
            cancellation);

    public Task<LeaseReply> ReadAsync(Node node, string cluster, CancellationToken cancellation) =>
        CallAsync("read", node, cluster,
            (_, now) => now is not null && Lives(now) ? new(LeaseState.Others, Seen(now)) : new(LeaseState.Free), cancellation);

    public Task<LeaseReply> BreakAsync(Node node, string cluster, string? id, CancellationToken cancellation) =>
        CallAsync("break", node, cluster, (key, now) =>
            now is null || !Lives(now) && now.Claim.Id != id ? new(LeaseState.Free)
            : now.Claim.Id == id ? GiveBack(key, Seen(now))
            : new(LeaseState.Others, Seen(now)), cancellation);

    private async Task<LeaseReply> CallAsync(
        string operation, Node node, string cluster, Func<(string Node, string), Kept?, LeaseReply> effect, CancellationToken cancellation)
    {
        OnCall?.Invoke($"{operation} {node.Name}");
        if (Silent.Contains(node.Name))
            await Task.Delay(Timeout.Infinite, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (Refusing.Contains(node.Name))
            throw new AdapterException(node.Name, operation, $"{node.Name} refused the login", Reach.Refused);
        if (Full.Contains(node.Name))
            return new(LeaseState.Unusable) { Why = "No space left on device" };
        lock (_gate)
        {
            var key = (node.Name, cluster);
            return effect(key, _leases.GetValueOrDefault(key)) with
            {
                Boot = BootOf(node.Name),
                ReleasedAgo = Now - _counts.GetValueOrDefault(key).Released,
            };
        }
    }

    private LeaseReply Take((string Node, string) key, LeaseClaim claim)
    {
        var count = _counts.GetValueOrDefault(key);
        _counts[key] = (count.Number + 1, count.Released);
        return Keep(key, new(claim, count.Number + 1, Now, Now, claim.TimeToLive));
    }

    private LeaseReply Keep((string Node, string) key, Kept kept)
    {
        _leases[key] = kept;
        return new(LeaseState.Ours, Seen(kept));
    }

    private LeaseReply GiveBack((string Node, string) key, NodeLease? was)
    {
        _leases.Remove(key);
        _counts[key] = (_counts.GetValueOrDefault(key).Number, Now);
        return new(LeaseState.Free, was);
    }

    private bool Lives(Kept kept) => Now < kept.Renewed + kept.TimeToLive;

    private NodeLease Seen(Kept kept)
    {
        var left = kept.Renewed + kept.TimeToLive - Now;
        return new()
        {
            Id = kept.Claim.Id,
            Token = kept.Token,
            HeldFor = Now - kept.Taken,
            ExpiresIn = left > TimeSpan.Zero ? left : TimeSpan.Zero,
            Holder = kept.Claim.Holder,
        };
    }

    private string BootOf(string node) => $"boot {_boots.GetValueOrDefault(node)}";
}
