using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine;

/// <summary>
/// Everything that an action is given. Nothing below the command line opens an adapter, reads a path or a variable of the process, or asks
/// the wall clock by itself: what a monitor, a runbook, a drill or a test brings is what counts.
/// </summary>
internal sealed record World
{
    /// <summary>Quick, and nobody waits for SSH's own timeout at a node without any sign of life.</summary>
    private static readonly ObservationScope Brief = new() { Full = false, GiveUpOnSilence = TimeSpan.FromMilliseconds(400) };

    public required Fleet Fleet { get; init; }
    public required IPorts Ports { get; init; }
    public required IFleetObserver Observer { get; init; }

    /// <summary>Where journals, locks and histories are.</summary>
    public required StatePaths State { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Who acts.</summary>
    public required ProcessIdentity Self { get; init; }
    public required IProcessTable Processes { get; init; }

    /// <summary>What clients see meanwhile; null = nobody measures.</summary>
    public IClientProbe? Clients { get; init; }

    /// <summary>Renewed three times as often; a killed holder on another machine keeps the others out for at most this long.</summary>
    public TimeSpan LeaseTimeToLive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Told of what must not happen and must not end a run.</summary>
    public Action<Exception> OnBug { get; init; } = _ => { };

    public JournalStore Journals => new(State);

    /// <summary>What a change needs to know: who holds what, which proxy answers.</summary>
    public Task<Observation> LookAsync(CancellationToken cancellation) => Observer.ObserveAsync(Fleet, Brief, cancellation);
}
