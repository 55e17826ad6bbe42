using System.Collections.Concurrent;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Claims;

/// <summary>
/// Takes the lease on every node that can be reached, one after the other in the order of their names, and gives up at the first one
/// that is somebody else's. All take the same order, so of many at once the one that got furthest wins: none waits for another, no two
/// with a node in common both win, and never does nobody.
/// </summary>
/// <param name="isGone">Proves that a holder's process is dead.</param>
internal sealed class LeaseTaking(Fleet fleet, ILeases leases, LeaseClaim claim, Func<LeaseHolder, bool> isGone, TimeProvider time)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(3);

    private readonly long _started = time.GetTimestamp();
    private readonly TaskCompletionSource<Observation?> _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The look is done: a node that did not answer there is not waited for here either.</summary>
    public void Seen(Observation? observation) => _seen.TrySetResult(observation);

    public async Task<LeaseTaken> RunAsync(CancellationToken cancellation)
    {
        var taken = new LeaseTaken();
        try
        {
            foreach (var node in fleet.Nodes.OrderBy(n => n.Name, StringComparer.Ordinal))
            {
                await TakeAsync(node, taken, cancellation);
                if (taken.LostTo is not null)
                    break;
            }
        }
        catch (OperationCanceledException)
        {
            // What was taken until then has to be given back all the same.
            taken.Interrupted = true;
        }
        return taken;
    }

    /// <summary>
    /// A later look, or a later moment, reaches nodes that the first attempt did not: the lease is taken there, too. That is out of order,
    /// and whoever has it there may be giving up just now because of what we have: so this, and only this, waits a little for them.
    /// </summary>
    public async Task CompleteAsync(LeaseTaken taken, Observation? seen, CancellationToken cancellation)
    {
        foreach (var node in fleet.Nodes.Where(n => taken.Without.ContainsKey(n.Name) && ReachOf(seen, n) == Reach.Ok)
            .OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            taken.Without.Remove(node.Name);
            var began = time.GetTimestamp();
            await TakeAsync(node, taken, cancellation);
            while (taken is { LostTo: not null, Held.IsEmpty: false } && time.GetElapsedTime(began) < Courtesy)
            {
                // By chance: two that asked again in step would go on losing to each other in step.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 200)), time, cancellation);
                taken.LostTo = null;
                await TakeAsync(node, taken, cancellation);
            }
            if (taken.LostTo is not null)
                return;
        }
    }

    private async Task TakeAsync(Node node, LeaseTaken taken, CancellationToken cancellation)
    {
        for (var left = Attempts; left > 0; left--)
        {
            try
            {
                if (await TryAsync(node, cancellation) is { } reply)
                    Note(node, reply, taken);
                else
                    taken.Without[node.Name] = "not reachable";
                return;
            }
            catch (AdapterException e)
            {
                if (e.Reach == Reach.TimedOut)
                    taken.Uncertain.Add(node.Name);
                // A login that failed by chance must not leave a node out that others reach: then two could win, each with another node.
                if (left > 1 && ReachOf(await _seen.Task.WaitAsync(cancellation), node) is null or Reach.Ok or Reach.SudoNeedsPassword
                    or Reach.Failed)
                    continue;
                taken.Without[node.Name] = $"not reachable ({e.Reach.Word()}: {e.Message})";
                return;
            }
        }
    }

    /// <returns>Null when the look says that the node is silent.</returns>
    private async Task<LeaseReply?> TryAsync(Node node, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var taking = AskAsync(node, attempt.Token);
        await Task.WhenAny(taking, _seen.Task);
        if (taking.IsCompleted || !IsSilent(await _seen.Task, node))
            return await taking;
        attempt.Cancel();
        _ = taking.ContinueWith(t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return null;
    }

    private void Note(Node node, LeaseReply reply, LeaseTaken taken)
    {
        if (reply.State == LeaseState.Ours)
            taken.Held[node.Name] = reply.Boot;
        else if (reply.State == LeaseState.Unusable)
            taken.Without[node.Name] = reply.Why ?? "cannot keep one";
        else
            taken.LostTo = LockInfo.Of(node.Name, reply.Lease);
        taken.ChangedHands |= reply.ReleasedAgo <= time.GetElapsedTime(_started);
    }

    private async Task<LeaseReply> AskAsync(Node node, CancellationToken cancellation)
    {
        var reply = await leases.TakeAsync(node, claim, insteadOf: null, cancellation);
        return reply is { State: LeaseState.Others, Lease: { Id: { } dead, Holder: { } holder } } && isGone(holder)
            ? await leases.TakeAsync(node, claim, dead, cancellation)
            : reply;
    }

    /// <summary>
    /// It showed no sign of life, or refused us. One that was merely too slow for the look (busy with twenty logins) is waited for until
    /// the login's own time is over: others may reach it.
    /// </summary>
    private static bool IsSilent(Observation? seen, Node node) =>
        ReachOf(seen, node) is not (null or Reach.Ok or Reach.SudoNeedsPassword or Reach.TimedOut or Reach.Failed);

    private static Reach? ReachOf(Observation? seen, Node node) => seen?.Nodes.FirstOrDefault(n => n.Node == node.Name)?.Reach;
}

/// <summary>What became of it.</summary>
internal sealed class LeaseTaken
{
    /// <summary>Node → the boot in which it was taken there.</summary>
    public ConcurrentDictionary<string, string> Held { get; } = [];

    /// <summary>Node → why there is none.</summary>
    public Dictionary<string, string> Without { get; } = [];
    /// <summary>No answer came, so it may have been taken there: it is given back, too.</summary>
    public HashSet<string> Uncertain { get; } = [];
    public LockInfo? LostTo { get; set; }

    /// <summary>
    /// Somebody gave it back after we had begun to ask: what was looked at meanwhile may be the world before their last change.
    /// </summary>
    public bool ChangedHands { get; set; }
    public bool Interrupted { get; set; }
}
