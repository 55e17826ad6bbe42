using System.Net;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Wire;

/// <summary>One question to all vantage points at once, each with its own answer.</summary>
internal static class Everyone
{
    /// <param name="asking">Name, and what it hears: null = it could not ask.</param>
    /// <param name="enough">With fewer than these nobody is cut short.</param>
    /// <param name="forTheRest">What the others get then.</param>
    public static async Task<IReadOnlyList<WireAnswer>> HearAsync(
        IReadOnlyList<(string Vantage, Func<CancellationToken, Task<IReadOnlyList<string>?>> Ask)> asking, int enough, TimeSpan forTheRest,
        CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(WireTiming.EveryoneLimit);
        var started = System.Diagnostics.Stopwatch.StartNew();
        var pending = asking.Select(a => OneAsync(a.Vantage, a.Ask, limit.Token)).ToList();
        var heard = new List<WireAnswer>();
        while (pending.Count > 0)
        {
            var next = await Task.WhenAny(pending);
            pending.Remove(next);
            if (await next is not { } answer)
                continue;
            heard.Add(answer);
            if (heard.Count == enough)
            {
                var left = WireTiming.DuplicateLimit - started.Elapsed;
                limit.CancelAfter(left > forTheRest ? left : forTheRest);
            }
        }
        cancellation.ThrowIfCancellationRequested();
        return heard;
    }

    public static async Task<IPAddress?> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var address))
            return address;
        try
        {
            return (await Dns.GetHostAddressesAsync(host, cancellation)).FirstOrDefault();
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }

    /// <summary>Ends with the limit even if the asked one does not: what it left behind dies on its own.</summary>
    private static async Task<WireAnswer?> OneAsync(
        string vantage, Func<CancellationToken, Task<IReadOnlyList<string>?>> ask, CancellationToken limit)
    {
        try
        {
            return await ask(limit).WaitAsync(limit) is { } macs ? new(vantage, macs) : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
