using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>
/// Whether a node lives, apart from whether we can log in: TCP on its SSH port from here, and, only when that stays silent,
/// ARP or ND for its address from here and from others. Ends a hopeless login early where the scope asks for it.
/// </summary>
internal sealed class SignsOfLife
{
    private Task<bool>? _tcp;
    private Task<IReadOnlyList<WireAnswer>>[] _wire = [];

    /// <summary>Null = not tried, or still open.</summary>
    public bool? Tcp => _tcp is { IsCompletedSuccessfully: true } answered ? answered.Result : _tcp is null ? null : false;
    public bool? Wire => Heard.Count == 0 ? null : Heard.Any(a => a.Macs.Count > 0);
    public IReadOnlyList<string> Vantages => [.. Heard.Select(a => a.Vantage).Distinct()];
    public IReadOnlyList<string> HeardBy => [.. Heard.Where(a => a.Macs.Count > 0).Select(a => a.Vantage).Distinct()];

    /// <summary>Why the login was not waited for; null = it was.</summary>
    public string? Silence { get; private set; }
    public Task Finished { get; private set; } = Task.CompletedTask;

    private List<WireAnswer> Heard => [.. _wire.Where(t => t.IsCompletedSuccessfully).SelectMany(t => t.Result)];

    public static SignsOfLife Watch(
        Observers with, Node node, Task login, TimeSpan? giveUp, CancellationTokenSource givenUp, CancellationToken budget)
    {
        var signs = new SignsOfLife();
        signs.Finished = signs.WatchAsync(with, node, login, giveUp, givenUp, budget).ContinueWith(_ => { }, TaskScheduler.Default);
        return signs;
    }

    private async Task WatchAsync(
        Observers with, Node node, Task login, TimeSpan? giveUp, CancellationTokenSource givenUp, CancellationToken budget)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(budget);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        patience.CancelAfter(Timings.TcpSign);
        // Behind a jump host neither TCP nor the wire from here says anything about the node: others have to.
        var direct = node.Ssh.Jump is null;
        _tcp = direct ? with.Tcp(node.Host, node.Ssh.Port ?? 22, patience.Token) : null;
        await FirstOfAsync(direct ? Timings.BeforeAskingTheWire : Timings.BeforeAskingBehindJump, budget,
            _tcp is null ? [login] : [login, _tcp]);
        if (!login.IsCompletedSuccessfully && Tcp != true)
        {
            // Two questions: what we hear, and what each of the others hears. Only both together make a death.
            var others = with.Wire.AskEveryoneAsync(new(node.Host, null, [Vantage.Here, node.Name]) { ForTheRest = Timings.ForTheRest },
                direct ? 1 : ReachVerdicts.VantagesForDown, over.Token);
            _wire = direct ? [HereAsync(with, node, over.Token), others] : [others];
        }
        if (giveUp is { } limit)
            await GiveUpAsync(login, limit, givenUp, budget);
        await login.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A login that failed is explained by these; one that worked, or that was given up for their silence, needs them no more.
        if (!login.IsCompletedSuccessfully && Silence is null)
            await Task.WhenAll([_tcp ?? Task.CompletedTask, .. _wire]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await over.CancelAsync();
    }

    private async Task GiveUpAsync(Task login, TimeSpan limit, CancellationTokenSource givenUp, CancellationToken budget)
    {
        var left = limit - Timings.BeforeAskingTheWire;
        await FirstOfAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, budget, login, SignAsync());
        if (login.IsCompleted || Tcp == true || Wire == true)
            return;
        await FirstOfAsync(Timings.ForWitnesses, budget, login, Task.WhenAll(_wire), SignAsync());
        if (login.IsCompleted || Tcp == true || Wire != false)
            return;
        Silence = $"no sign of life: {(_tcp is null ? "" : "no TCP answer on its SSH port, ")}no ARP answer asked from "
            + $"{string.Join(" and ", Vantages)}, for {limit.TotalSeconds:0.#} s";
        await givenUp.CancelAsync();
    }

    /// <summary>Ends only with a sign of life: a connection, or an answer on the wire.</summary>
    private async Task SignAsync()
    {
        List<Task> open = [_tcp ?? Task.CompletedTask, .. _wire];
        while (open.Count > 0)
        {
            open.Remove(await Task.WhenAny(open));
            if (Tcp == true && _tcp is { IsCompleted: true } || Wire == true)
                return;
        }
        await Task.Delay(Timeout.Infinite, CancellationToken.None);
    }

    private static async Task FirstOfAsync(TimeSpan limit, CancellationToken budget, params Task[] tasks)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(budget);
        await Task.WhenAny([Task.Delay(limit, timer.Token), .. tasks]);
        await timer.CancelAsync();
    }

    private static async Task<IReadOnlyList<WireAnswer>> HereAsync(Observers with, Node node, CancellationToken token) =>
        await with.Wire.AskEveryoneAsync(new(node.Host, null, [node.Name, .. Others(with, node)]), 1, token);

    private static IEnumerable<string> Others(Observers with, Node node) => with.EverybodyElse.Where(n => n != node.Name);
}
