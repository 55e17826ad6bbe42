using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>Everything about one node at once. Every glance ends by itself or with the token; none waits for another node.</summary>
internal sealed class NodeLook
{
    private readonly Node _node;
    private readonly Glance<NodeFacts> _facts;
    private readonly Glance<ServiceState?> _customService;
    private readonly Glance<ProxyState> _proxy;
    private readonly Glance<CheckResult?> _direct;
    private readonly SignsOfLife _signs;
    private readonly Task<NodeFacts> _login;
    private readonly CancellationTokenSource _givenUp;

    private NodeLook(Observers with, Fleet fleet, Node node, ObservationScope scope, CancellationToken budget)
    {
        _node = node;
        _givenUp = CancellationTokenSource.CreateLinkedTokenSource(budget);
        var token = _givenUp.Token;
        _login = LogInAsync(with, fleet, node, scope, token);
        _facts = new("the node's own view over SSH", _login);
        _signs = SignsOfLife.Watch(with, node, _login, scope.GiveUpOnSilence, _givenUp, budget);
        _proxy = new($"{node.ProxyName}'s own view", with.Proxy(node.Name, token));
        _direct = new("the check on its own address", DirectAsync(with, fleet, node, token));
        _customService = new("the service's status command", CustomServiceAsync(with, node, token));
    }

    public static NodeLook Start(Observers with, Fleet fleet, Node node, ObservationScope scope, CancellationToken budget) =>
        new(with, fleet, node, scope, budget);

    /// <summary>Done, one way or the other. The check on the node's own address may not outlive a given-up node.</summary>
    public Task Finished =>
        Task.WhenAll(Quiet(_login), _signs.Finished, Quiet(_proxy.Task), Quiet(_direct.Task), Quiet(_customService.Task));

    /// <summary>The kernel's own addresses, as soon as they are there; null = not to be had.</summary>
    public async Task<IReadOnlyList<HeldAddress>?> AddressesAsync()
    {
        await Quiet(_login);
        return _login.IsCompletedSuccessfully ? _login.Result.Addresses?.Addresses : null;
    }

    public NodeObservation Result(TimeSpan budget)
    {
        using (_givenUp)
        {
            var missing = new List<string>();
            var seen = new NodeObservation
            {
                Node = _node.Name,
                Reach = Reach.Ok,
                TcpAnswers = _login.IsCompletedSuccessfully && _node.Ssh.Jump is null ? true : _signs.Tcp,
                WireAnswers = _signs.Wire,
                WireVantages = _signs.Vantages,
                WireHeardBy = _signs.HeardBy,
                DirectCheck = _direct.Take([]),
            };
            if (!_login.IsCompletedSuccessfully)
                return NotReached(seen, budget);
            var facts = _facts.Take(missing)!;
            missing.AddRange(facts.Missing);
            return seen with
            {
                Reach = facts.SudoRefused is null ? Reach.Ok : Reach.SudoNeedsPassword,
                ReachDetail = facts.SudoRefused,
                Service = facts.Service ?? _customService.Take(missing),
                Proxy = _proxy.Take(missing) is { } proxy ? Whole(proxy, facts) : null,
                Addresses = facts.Addresses?.Addresses ?? [],
                HandOvers = facts.HandOvers,
                Owners = facts.Owners,
                Greeting = facts.Greeting,
                Macs = facts.Addresses?.Macs ?? new Dictionary<string, string>(),
                Resources = facts.Resources,
                ConfigHash = facts.ConfigHash,
                ConfigFingerprint = facts.ConfigFingerprint,
                Certificates = facts.Certificates,
                Keepalived = facts.Keepalived,
                Incomplete = missing,
            };
        }
    }

    public IReadOnlyDictionary<string, CheckResult> BackendChecks =>
        _login.IsCompletedSuccessfully ? _login.Result.Checks : new Dictionary<string, CheckResult>();

    private static ProxyState Whole(ProxyState proxy, NodeFacts facts) =>
        proxy.Kind == ProxyKind.Haproxy
            ? HaproxyBalancing.Complete(HaproxyPersistence.Complete(proxy, facts.Persistence), facts.Balancing)
            : proxy;

    private NodeObservation NotReached(NodeObservation seen, TimeSpan budget) => _login.Exception?.InnerException switch
    {
        _ when _signs.Silence is { } silence => seen with { Reach = Reach.Unreachable, ReachDetail = silence },
        AdapterException e => seen with { Reach = e.Reach, ReachDetail = e.Message },
        { } e => seen with { Reach = Reach.Failed, ReachDetail = $"{e.GetType().Name}: {Printable.Line(e.Message)}" },
        null => seen with { Reach = Reach.TimedOut, ReachDetail = $"no answer over SSH within {budget.TotalSeconds:0.#} s" },
    };

    private static async Task<NodeFacts> LogInAsync(Observers with, Fleet fleet, Node node, ObservationScope scope, CancellationToken token)
    {
        var check = Timings.CheckTimeout(fleet, scope);
        var timeout = node.Ssh.CommandTimeout < scope.Budget ? node.Ssh.CommandTimeout : scope.Budget;
        var command = LookScript.Command(fleet, node, scope.Full, check, timeout);
        var result = await with.Shell.RunAsync(RemoteHost.Of(node), command, token);
        return NodeFacts.Read(result.Output, fleet, node, scope.Full, check) with { Greeting = result.Greeting };
    }

    private static async Task<CheckResult?> DirectAsync(Observers with, Fleet fleet, Node node, CancellationToken token)
    {
        if (fleet.Vips is not [var vip, ..])
            return null;
        var check = vip.EffectiveCheck;
        return await with.Checks.CheckAsync(check, node.Host, vip.Port, check.Timeout ?? Timings.DirectCheck, token);
    }

    private static async Task<ServiceState?> CustomServiceAsync(Observers with, Node node, CancellationToken token)
    {
        if (node.Service.UsesSystemd)
            return null;
        return await with.Services.ReadAsync(node, token);
    }

    private static async Task Quiet(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
