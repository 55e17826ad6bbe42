using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;

namespace LbRunbook.Cli.Verbs.Locks;

/// <summary>One line a place, and what to do about it.</summary>
internal sealed class HumanLocksView(Streams streams, NextCommand next)
{
    private readonly Style _style = new(streams.ColourOut);

    public void Write(Fleet fleet, IReadOnlyList<LockPlace> places)
    {
        var output = streams.Out;
        output.WriteLine(_style.Bold(fleet.Cluster));
        var width = places.Max(p => p.Where.Length);
        foreach (var place in places)
            output.WriteLine($"  {place.Where.PadRight(width)}  {Text(place)}");
        if (!places.Any(p => p.IsLocked))
        {
            output.WriteLine(places.Any(p => p.IsNode && p.State == LockState.Free)
                ? "Nobody is working on it, as far as could be asked."
                : "No node could be asked.");
            return;
        }
        // A dead process of this machine is taken over by the next run without further ado.
        if (places.Where(p => p.IsLocked).All(p => p.Process == HolderProcess.Gone))
            output.WriteLine("The next run from this machine takes it over at once.");
        else
            output.WriteLine($"To take it away from them: {_style.Command(next.Qualify($"lbctl unlock --confirm {fleet.Cluster}"))}");
    }

    private string Text(LockPlace place) => place.State switch
    {
        LockState.Free => _style.Good("free"),
        LockState.Unknown => _style.Warn($"not known: {place.Why}"),
        LockState.Unreadable => _style.Bad("held by somebody: what is there is no lease that can be read"),
        _ => Held(place),
    };

    private string Held(LockPlace place)
    {
        var info = place.Info!;
        var who = info.Holder?.ToString() ?? "somebody (it does not say who)";
        var process = place.Process switch
        {
            HolderProcess.Alive => ", process alive",
            HolderProcess.Gone => ", " + _style.Bad("process gone"),
            _ => ", process not on this machine",
        };
        var until = info.ExpiresInMs is { } left
            ? $", for {info.HeldForMs / 1000} s, ends in {(left + 999) / 1000} s unless renewed (token {info.Token})"
            : "";
        return $"{_style.Warn("held")} by {who}{process}{until}";
    }
}
