using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.FakeNetwork;

internal enum FaultKind
{
    /// <summary>Fails and nothing has happened.</summary>
    Refuse,

    /// <summary>It has happened, but the answer was lost: the caller sees a failure.</summary>
    LoseReply,

    /// <summary>Never comes back; ends only with the caller's token.</summary>
    Hang,

    /// <summary>Says that it worked, and did nothing: what only a verification can catch.</summary>
    Pretend,

    /// <summary>It has happened, and then lbctl itself breaks: an exception that no adapter may throw.</summary>
    Bug,
}

/// <summary>One call through a port, for assertions: "vip.add lb2 public".</summary>
internal sealed record FakeCall(string Operation, string Target, string? Subject = null)
{
    public override string ToString() => Subject is null ? $"{Operation} {Target}" : $"{Operation} {Target} {Subject}";
}

/// <summary>Calls in order, and the failures that tests inject into them.</summary>
internal sealed class FakeFaults
{
    private readonly Lock _gate = new();

    /// <summary>One change of the world at a time: lanes run side by side, and of two changes at once the earlier would be lost.</summary>
    private readonly Lock _world = new();
    private readonly List<FakeCall> _calls = [];
    private readonly List<Fault> _faults = [];

    public IReadOnlyList<FakeCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Calls that change something, as text.</summary>
    public IReadOnlyList<string> Changes =>
        [.. Calls.Where(c =>
            c.Operation is "vip.add" or "vip.remove" or "vip.announce" or "service.start" or "service.stop" or "service.enable"
                or "service.disable" or "vrrp.set" or "vrrp.track" or "vrrp.start" or "vrrp.stop" or "vrrp.kill" or "fence"
                or "server.state" or "server.weight" or "server.sessions.end" or "servers.keep" or "backend.restart").Select(c =>
                    c.ToString())];

    /// <summary>Runs before every call, after it was recorded: for changing the world in mid-flight, or for cancelling.</summary>
    public Action<FakeCall>? OnCall { get; set; }

    /// <param name="operation">As in <see cref="FakeCall.Operation"/>.</param>
    /// <param name="target">Node (or address for checks and wire); null = any.</param>
    /// <param name="times">For how many calls.</param>
    /// <param name="after">After how many good ones.</param>
    /// <param name="reach">What the exception says of the host.</param>
    public void Inject(
        string operation, string? target, FaultKind kind, int times = int.MaxValue, int after = 0, Reach reach = Reach.Failed)
    {
        lock (_gate)
            _faults.Add(new(operation, target, kind, reach) { Left = times, After = after });
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    /// <summary>Records the call, meets the faults, and does <paramref name="effect"/> unless one prevents it.</summary>
    public async Task<T> CallAsync<T>(FakeCall call, Func<T> effect, T pretended, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
            _calls.Add(call);
        lock (_world)
            OnCall?.Invoke(call);
        await Task.Yield();
        var fault = Next(call);
        switch (fault?.Kind)
        {
            case FaultKind.Hang:
                await Task.Delay(Timeout.Infinite, cancellation);
                break;
            case FaultKind.Pretend:
                return pretended;
            case FaultKind.LoseReply:
                Effect();
                break;
            case FaultKind.Bug:
                Effect();
                throw new InvalidOperationException($"{call.Operation} met what nobody thought of (injected)");
            case null:
                return Effect();
        }
        throw new AdapterException(call.Target, call.Operation, $"{call.Operation} on {call.Target} failed (injected)", fault!.Reach);

        T Effect()
        {
            lock (_world)
                return effect();
        }
    }

    private Fault? Next(FakeCall call)
    {
        lock (_gate)
        {
            foreach (var fault in _faults.Where(f => f.Operation == call.Operation && (f.Target is null || f.Target == call.Target)))
            {
                if (fault.After-- > 0)
                    continue;
                if (fault.Left-- > 0)
                    return fault;
            }
            return null;
        }
    }

    private sealed record Fault(string Operation, string? Target, FaultKind Kind, Reach Reach)
    {
        public int Left { get; set; }
        public int After { get; set; }
    }
}
