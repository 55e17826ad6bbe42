using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Observing;

/// <summary>One virtual IP from outside: who answers for it on the wire, and does it serve.</summary>
internal sealed class VipLook
{
    private static readonly TimeSpan SecondTry = TimeSpan.FromMilliseconds(300);

    private readonly VirtualIp _vip;
    private readonly Glance<WireAnswer?> _wire;
    private readonly Glance<CheckResult> _through;
    private readonly Glance<CertificateState?> _certificate;

    private VipLook(Observers with, Fleet fleet, VirtualIp vip, IReadOnlyDictionary<string, NodeLook> nodes, ObservationScope scope,
        CancellationToken budget)
    {
        _vip = vip;
        var check = vip.EffectiveCheck;
        var timeout = check.Timeout ?? fleet.Thresholds.Timeout;
        // Whoever is in a hurry must not wait for an address that may well be dead: that is why they look.
        if (scope.GiveUpOnSilence is { } silence && silence < timeout)
            timeout = silence;
        _wire = new($"who answers for {vip.Name} on the wire", WireAsync(with, vip, nodes, budget));
        Task<CheckResult> CheckAsync() => with.Checks.CheckAsync(check, vip.Address.ToString(), vip.Port, timeout, budget);
        _through = new($"the check through {vip.Name}", scope.Full ? OneOfTwoAsync(CheckAsync, budget) : CheckAsync());
        _certificate = new($"the certificate of {vip.Name}", check is HttpCheck { Tls: true } http
            ? with.Tls(vip.Address.ToString(), vip.Port, http.Host, budget)
            : Task.FromResult<CertificateState?>(null));
    }

    public static VipLook Start(Observers with, Fleet fleet, VirtualIp vip, IReadOnlyDictionary<string, NodeLook> nodes,
        ObservationScope scope, CancellationToken budget) =>
        new(with, fleet, vip, nodes, scope, budget);

    public Task Finished => Task.WhenAll(Quiet(_wire.Task), Quiet(_through.Task), Quiet(_certificate.Task));

    public VipObservation Result(IReadOnlyList<NodeObservation> nodes, ICollection<string> missing)
    {
        var wire = _wire.Take(missing);
        var owner = wire?.Macs is [var mac] ? nodes.FirstOrDefault(n => n.Macs.Values.Contains(mac))?.Node : null;
        var through = _through.Take(missing);
        return new()
        {
            Vip = _vip.Name,
            WireMacs = wire?.Macs,
            WireVantage = wire?.Vantage,
            Through = through,
            // A holder that answers ARP but not the check answers nobody.
            AnsweredBy = through is { Healthy: true } ? owner : null,
            Certificate = _certificate.Take(missing),
        };
    }

    private static async Task<WireAnswer?> WireAsync(
        Observers with, VirtualIp vip, IReadOnlyDictionary<string, NodeLook> nodes, CancellationToken budget)
    {
        // From here it costs nothing; a login on a witness costs each cold look tenths of a second, so it is only the second choice.
        var answer = await with.Wire.WhoHasAsync(vip, with.EverybodyElse, budget) ?? await with.Wire.WhoHasAsync(vip, [], budget);
        if (answer is not { Macs.Count: 0 } || answer.Vantage == Vantage.Here)
            return answer;
        // Whoever holds the address hears no answer to its own question: ask again from somewhere else.
        var holders = new List<string>();
        foreach (var (name, look) in nodes)
            if (await look.AddressesAsync() is { } addresses && addresses.Any(a => !a.Silent && a.Address == vip.Address.ToString()))
                holders.Add(name);
        return holders.Contains(answer.Vantage) ? await with.Wire.WhoHasAsync(vip, holders, budget) : answer;
    }

    /// <summary>One lost packet is no outage: a second connection starts a little later, and either will do.</summary>
    private static async Task<CheckResult> OneOfTwoAsync(Func<Task<CheckResult>> check, CancellationToken budget)
    {
        var first = check();
        if (await Task.WhenAny(first, Task.Delay(SecondTry, budget)) == first && (await first).Healthy)
            return await first;
        var second = check();
        var quicker = await Task.WhenAny(first, second);
        return await quicker is { Healthy: true } good ? good : await (quicker == first ? second : first);
    }

    private static async Task Quiet(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
