using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;
using Xunit;

namespace LbRunbook.Tests.Engine.Scale;

public sealed class ScalePlannerTests : IDisposable
{
    private readonly ScaleLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Out_One_StartsWaitsAndAddsItOnEveryNode()
    {
        var plan = _lab.Out().Plan!;
        Assert.Equal(
            ["emergency.service", "emergency.healthy", "server.add", "server.return", "server.warmup", "server.line", "servers.keep",
                "server.add", "server.return", "server.warmup", "server.line", "servers.keep"],
            plan.Steps.Select(s => StepKinds.NameOf(s.Step)));
        Assert.Equal([null, null, "lb1", "lb1", "lb1", "lb1", "lb1", "lb2", "lb2", "lb2", "lb2", "lb2"], plan.Steps.Select(s => s.Lane));
        var added = plan.Steps.Select(s => s.Step).OfType<ServerAddStep>().First().Server;
        Assert.Equal(new NewServer(new("web", "em1"), "10.0.0.61:8080", 100, 10, "check inter 1s fall 3 rise 2"), added);
        Assert.Contains("from 3 to 4 servers (+33 %)", plan.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Out_ConfiguredWeightAndOptions_AreUsed()
    {
        var added = _lab.Out(count: 2).Plan!.Steps.Select(s => s.Step).OfType<ServerAddStep>()
            .Single(s => s.Place == "lb2" && s.Server.Name.Server == "em2").Server;
        Assert.Equal((50, 5, "check inter 1s fall 3 rise 2 ssl verify none"), (added.Weight, added.FirstWeight, added.Options));
        // It always runs: nothing is started for it.
        Assert.Single(_lab.Out(count: 2).Plan!.Steps, s => s.Step is EmergencyServiceStep);
    }

    [Fact]
    public void Out_MoreThanThereAre_IsRefusedWithTheNumberThatIs()
    {
        var refusal = Assert.Single(_lab.Out(count: 3).Refusals);
        Assert.Equal(("emergency-backends", "lbctl scale-out --pool web --count 2"), (refusal.Guard, refusal.Next));
    }

    [Fact]
    public void Out_HaproxyTooOldToAdd_IsRefusedWithTheLine()
    {
        _lab.World["lb2"].ProxyVersion = "2.4.22";
        var refusal = Assert.Single(_lab.Out().Refusals);
        Assert.Contains("server em1 10.0.0.61:8080 check disabled", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Out_SpareSlotInTheConfiguration_IsMadeReadyAndNeverRemoved()
    {
        foreach (var node in _lab.World.Nodes)
        {
            node.ProxyVersion = "2.4.22";
            node.Configured = [.. node.Configured, "em1"];
            node.Servers = [.. node.Servers,
                node.Servers[0] with
                {
                    Server = "em1",
                    Address = "10.0.0.61:8080",
                    Admin = AdminState.Maint,
                    Health = ServerHealth.Unknown,
                    Status = "MAINT",
                }];
        }
        var plan = _lab.Out().Plan!;
        Assert.DoesNotContain(plan.Steps, s => s.Step is ServerAddStep or ServerLineStep);
        _lab.ChangeEverywhere("em1", s => s with { Admin = AdminState.Ready, Health = ServerHealth.Up, Status = "UP" });
        var back = _lab.In().Plan!;
        Assert.DoesNotContain(back.Steps, s => s.Step is ServerRemoveStep);
        Assert.Equal(2, back.Steps.Count(s => s.Step is ServerStateStep { State: AdminState.Maint }));
    }

    [Fact]
    public void Out_LineCannotBeWritten_SaysWhichLineIsMissing()
    {
        _lab.World["lb1"].WhyNotWritten = "not root";
        var plan = _lab.Out().Plan!;
        Assert.Equal("lb2", Assert.Single(plan.Steps.Select(s => s.Step).OfType<ServerLineStep>()).Place);
        Assert.Contains(plan.Warnings,
            w => w.Contains("server em1 10.0.0.61:8080 check inter 1s fall 3 rise 2 weight 100 # lbctl scale-out",
                StringComparison.Ordinal));
    }

    [Fact]
    public void In_NothingAdded_IsRefused() => Assert.Equal("emergency-in-use", Assert.Single(_lab.In().Refusals).Guard);

    [Fact]
    public async Task In_OwnServersAreDown_IsRefused()
    {
        await _lab.Runs.RunAsync(_lab.Out().Plan!, "run");
        _lab.ChangeEverywhere("web1", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        _lab.ChangeEverywhere("web2", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.All(_lab.In().Refusals, r => Assert.Equal(("minimum-capacity", "--accept-low-capacity"), (r.Guard, r.Override)));
        Assert.NotNull(_lab.In(acceptLow: true).Plan);
        _lab.ChangeEverywhere("web3", s => s with { Health = ServerHealth.Down, Status = "DOWN" });
        Assert.All(_lab.In(acceptLow: true).Refusals, r => Assert.Equal(("last-backend", null), (r.Guard, r.Override)));
    }
}
