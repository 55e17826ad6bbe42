using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit.FakeNetwork;

namespace LbRunbook.Tests.Engine.Past.Reversal;

internal enum MishapKind
{
    None,
    Refuse,
    LoseReply,
    Hang,
    Bug,

    /// <summary>The node that is asked cannot be reached from then on, until the run has ended.</summary>
    Cut,

    /// <summary>A first Ctrl-C.</summary>
    Interrupt,

    /// <summary>kill -9.</summary>
    Kill,
}

/// <summary>What goes wrong in a run, and at which of its calls through the ports.</summary>
internal sealed record Mishap(MishapKind Kind, int At)
{
    public static readonly Mishap None = new(MishapKind.None, 0);

    public static Mishap Of(Choices choices) => choices.Of([.. Enum.GetValues<MishapKind>()]) is var kind && kind == MishapKind.None
        ? None
        : new(kind, 1 + choices.Below(256));

    public bool IsEnd => Kind is MishapKind.Kill or MishapKind.Interrupt;

    /// <param name="world">Whose calls are counted.</param>
    /// <param name="stop">Called for <see cref="IsEnd"/>.</param>
    public void Await(FakeFleet world, Action stop)
    {
        if (Kind == MishapKind.None)
            return;
        var calls = 0;
        world.Faults.OnCall = call =>
        {
            if (++calls != At)
                return;
            if (IsEnd)
                stop();
            else if (Kind == MishapKind.Cut && world.Nodes.FirstOrDefault(n => n.Name == call.Target) is { Reach: Reach.Ok } node)
                node.CutSsh();
            else if (Enum.TryParse<FaultKind>($"{Kind}", out var fault))
                world.Faults.Inject(call.Operation, call.Target, fault, times: 1);
        };
    }

    public void Over(FakeFleet world)
    {
        world.Faults.OnCall = null;
        world.Faults.Clear();
        foreach (var node in world.Nodes.Where(n => Kind == MishapKind.Cut && n is { Reach: Reach.Unreachable, OnWire: true }))
            node.Heal();
    }
}
