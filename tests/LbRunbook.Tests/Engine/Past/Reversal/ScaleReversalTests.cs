using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Scale;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>Whatever a scale-out or somebody else has left in the proxies: undone, servers, lines and services are as before.</summary>
public sealed class ScaleReversalTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Scale_AnyStateAndMishap_UndoGivesTheStateBefore(bool isOut) => Choices.ForAll(choices =>
    {
        var mishap = choices.OneIn(2) ? Mishap.Of(choices) : Mishap.None;
        var resume = mishap.Kind != MishapKind.None && choices.OneIn(3);
        using var lab = Lab(choices);
        if (Plan(isOut, lab, choices).Plan is { } plan)
            new RecordedRun(lab.World).DoAndJudge(plan, mishap, resume);
    });

    private static PlanResult Plan(bool isOut, ScaleLab lab, Choices choices) => isOut
        ? lab.Out(1 + choices.Below(2), warmUp: choices.Of(0.4, 0, 4))
        : lab.In(choices.Of<int?>(null, 1), acceptLow: true, warmUp: choices.Of(0.1, 0), stopServices: choices.OneIn(2));

    private static ScaleLab Lab(Choices choices)
    {
        var lab = new ScaleLab(choices.Of(ProxyKind.Haproxy, ProxyKind.Haproxy, ProxyKind.Nginx));
        foreach (var backend in lab.Pool.Emergency)
        {
            lab.World[backend.Name].ServiceActive = choices.OneIn(2);
            var slot = choices.OneIn(4);
            foreach (var node in lab.World.Nodes)
                Put(node, backend, choices, slot, lab.World[backend.Name].ServiceActive);
        }
        return lab;
    }

    /// <summary>Not there, there by the configuration, or added: wholly, or only in the proxy or only in its file.</summary>
    private static void Put(FakeNode node, Backend backend, Choices choices, bool slot, bool runs)
    {
        var name = node.Node.Proxy == ProxyKind.Nginx ? backend.Address : backend.Name;
        var there = slot || choices.OneIn(3);
        if (there)
        {
            var state = choices.Of(AdminState.Ready, AdminState.Drain, AdminState.Maint);
            node.Servers = [.. node.Servers, node.Servers[0] with
            {
                Server = name, Address = backend.Address, Admin = state, Weight = choices.Of(100, 50, 10, 3),
                CurrentSessions = choices.Of(0, 0, 0, 0, 2),
                Health = state == AdminState.Maint ? ServerHealth.Unknown : runs ? ServerHealth.Up : ServerHealth.Down,
                Status = state.ToString().ToUpperInvariant(),
            }];
        }
        if (slot)
            node.Configured = [.. node.Configured, name];
        else if (node.Node.Proxy == ProxyKind.Haproxy && (there ? !choices.OneIn(4) : choices.OneIn(6)))
            node.Lines.Add(name);
    }
}
