using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

/// <summary>A backend's machine. Everything may be set by the test.</summary>
internal sealed class FakeBackend
{
    public bool Active { get; set; } = true;
    public int Pid { get; set; } = 100;
    public bool DeepFails { get; set; }

    /// <summary>Restarts that do not help, from the first one.</summary>
    public int UselessRestarts { get; set; }
    public int Restarts { get; set; }
    public string? WhyNotRestart { get; set; }
}

internal sealed class FakeBackendHosts(FakeFleet fleet) : IBackendHosts
{
    private readonly Dictionary<string, FakeBackend> _backends = fleet.Fleet.Pools.SelectMany(p => p.Backends)
        .ToDictionary(b => b.Name, _ => new FakeBackend());

    public FakeBackend this[string name] => _backends[name];

    public Task<ServiceState> ReadAsync(Backend backend, CancellationToken cancellation) =>
        CallAsync("backend.read", backend, b => new ServiceState(b.Active, true, b.Active ? "running" : "failed", b.Active ? b.Pid : 0),
            new(true, true, "running", 1), cancellation);

    public Task<string?> WhyNotRestartAsync(Backend backend, CancellationToken cancellation) =>
        CallAsync("backend.restartable", backend, b => b.WhyNotRestart, null, cancellation);

    public Task RestartAsync(Backend backend, bool kill, TimeSpan patience, CancellationToken cancellation) =>
        CallAsync("backend.restart", backend, b =>
        {
            b.Pid++;
            b.Active = true;
            if (b.Restarts++ >= b.UselessRestarts)
            {
                b.DeepFails = false;
                fleet.DownTargets.Remove($"{backend.Host}:{backend.Port}");
            }
            return true;
        }, true, cancellation);

    public Task<CheckResult> CheckAsync(Pool pool, Backend backend, TimeSpan timeout, CancellationToken cancellation) =>
        CallAsync("backend.check", backend, _ => Judge(pool, backend), new(true, TimeSpan.Zero, "checked"), cancellation);

    /// <summary>The same from wherever it is asked.</summary>
    public CheckResult Judge(Pool pool, Backend backend)
    {
        var state = _backends[backend.Name];
        var deep = pool.Health is HttpCheck { Path: SampleFleet.DeepPath };
        var healthy = state.Active && !fleet.DownTargets.Contains($"{backend.Host}:{backend.Port}") && !(deep && state.DeepFails);
        return new(healthy, TimeSpan.Zero,
            healthy ? "checked" : deep && state.DeepFails ? "HTTP 503 (expected 200)" : "connection refused");
    }

    private Task<T> CallAsync<T>(
        string operation, Backend backend, Func<FakeBackend, T> effect, T pretended, CancellationToken cancellation) =>
        fleet.Faults.CallAsync(new(operation, backend.Name), () => effect(_backends[backend.Name]), pretended, cancellation);
}

internal sealed class FakeCircuits : ICircuits
{
    private readonly Dictionary<CircuitKey, Circuit> _circuits = [];

    public Circuit Read(CircuitKey key) => _circuits.GetValueOrDefault(key, new());

    public void Write(CircuitKey key, Circuit circuit) => _circuits[key] = circuit;
}
