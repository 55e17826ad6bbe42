using LbRunbook.Adapters.Checks;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Observing;

/// <summary>A few clients that come back: to the same backend? And where would another node send them?</summary>
internal sealed class AffinityLook
{
    /// <summary>With a cookie we can be several people; our address is only one.</summary>
    private const int CookieClients = 3;

    /// <summary>What is not answered by then is not waited for: an assessment must not take longer because of this.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1500);

    private readonly Pool _pool;
    private readonly Affinity _wanted;
    private readonly VirtualIp _vip;
    private readonly AffinityAsk _ask;
    private readonly IReadOnlyList<Node> _nodes;

    private AffinityLook(Observers with, Fleet fleet, Pool pool, Affinity wanted, VirtualIp vip, CancellationToken budget)
    {
        (_pool, _wanted, _vip, _ask, _nodes) = (pool, wanted, vip, with.Affinity, fleet.Nodes);
        Finished = MeasureAsync(budget);
    }

    public Task<AffinityObservation> Finished { get; }

    /// <returns>Null where nobody said that clients are to come back.</returns>
    public static AffinityLook? Start(Observers with, Fleet fleet, Pool pool, CancellationToken budget)
    {
        if (pool.Affinity is not { } wanted)
            return null;
        var vip = fleet.Vips.FirstOrDefault(v => wanted.Vip is null || v.Name == wanted.Vip);
        return vip is null ? null : new(with, fleet, pool, wanted, vip, budget);
    }

    private async Task<AffinityObservation> MeasureAsync(CancellationToken budget)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(budget);
        patience.CancelAfter(Patience);
        var clients = await Task.WhenAll(Enumerable.Range(0, _wanted.Cookie is null ? 1 : CookieClients)
            .Select(_ => ClientAsync(patience.Token)));
        return new()
        {
            Pool = _pool.Name,
            Vip = _vip.Name,
            Means = _wanted.Means,
            Clients = [.. clients.Select(c => c.Client).OfType<AffinityClient>()],
            Problem = clients.Select(c => c.Problem).FirstOrDefault(p => p is not null),
        };
    }

    private async Task<(AffinityClient? Client, string? Problem)> ClientAsync(CancellationToken patience)
    {
        var returns = new List<string>();
        var onNodes = new Dictionary<string, string>();
        string? home = null;
        try
        {
            var first = await AskAsync(_vip.Address.ToString(), null, patience);
            if (Backend(first, _vip.Name, out home) is { } wrong)
                return (null, wrong);
            if (_wanted.Cookie is { } name && first.Cookie is null)
                return (null, $"{_wanted.Path} through {_vip.Name} sets no cookie {name}");
            var cookie = first.Cookie;
            while (returns.Count + 1 < _wanted.Requests)
            {
                var answer = await AskAsync(_vip.Address.ToString(), cookie, patience);
                if (Backend(answer, _vip.Name, out var backend) is { } problem)
                    return (new(home!, returns, onNodes), problem);
                returns.Add(backend!);
                // As a browser does: what it was told last counts.
                cookie = answer.Cookie ?? cookie;
            }
            foreach (var node in _nodes)
            {
                // Nodes that are down, or that listen on the virtual IP only, are no finding of this look.
                var answer = await AskAsync(node.Host, cookie, patience);
                if ((_wanted.Cookie is not null || Equals(answer.From, first.From)) && Backend(answer, node.Name, out var backend) is null)
                    onNodes[node.Name] = backend!;
            }
        }
        catch (OperationCanceledException)
        {
            if (home is null || returns.Count == 0)
                return (null, $"no answer through {_vip.Name} in time");
        }
        return (new(home!, returns, onNodes), null);
    }

    private Task<AffinityAnswer> AskAsync(string address, string? cookie, CancellationToken patience)
    {
        var check = _vip.EffectiveCheck as HttpCheck;
        var how = new HttpCheck { Port = _vip.Port, Tls = check?.Tls ?? false, Host = check?.Host, Path = _wanted.Path };
        return _ask(new(how, address, _wanted.ServedBy, _wanted.Cookie, cookie), patience);
    }

    private string? Backend(AffinityAnswer answer, string through, out string? backend)
    {
        backend = null;
        if (answer.Error is { } error)
            return $"no answer through {through}: {error}";
        if (answer.ServedBy is not { Length: > 0 } said)
            return $"{_wanted.Path} through {through} answers without the header {_wanted.ServedBy}";
        backend = _pool.Everyone.FirstOrDefault(b => said == b.Name || said == $"{b.Host}:{b.Port}")?.Name
            ?? (_pool.Everyone.Where(b => said == b.Host).ToList() is [var only] ? only.Name : null);
        return backend is null
            ? $"{_wanted.ServedBy} of {through} says \"{(said.Length > 40 ? said[..40] : said)}\", which is no backend of pool {_pool.Name}"
            : null;
    }
}
