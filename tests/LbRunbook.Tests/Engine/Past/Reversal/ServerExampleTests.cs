using LbRunbook.Core.Observations;
using LbRunbook.Tests.Engine.Backends;
using LbRunbook.Tests.Engine.Scale;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>What the properties found, one by one: servers.</summary>
public sealed class ServerExampleTests
{
    [Fact]
    public void Undo_IsolationOfADrainedServer_IsDrainedAgain()
    {
        using var lab = new BackendLab();
        lab.Change("lb1", "web1", s => s with { Admin = AdminState.Drain });
        new RecordedRun(lab.World).DoAndJudge(lab.Isolate().Plan!, Mishap.None, resume: false);
        Assert.Equal("lb1 Drain 100, lb2 Ready 100", lab.States());
    }

    [Fact]
    public void Undo_RepairThatGaveTrafficBackEarly_LeavesItInMaintenance()
    {
        using var lab = new BackendLab();
        lab.Backend.DeepFails = true;
        lab.Change("lb1", "web1", s => s with { Admin = AdminState.Maint, Health = ServerHealth.Unknown });
        var plan = lab.Recover(new() { Attempts = 1, Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.Zero }).Plan!;
        // The pool runs short once the plan is made.
        lab.Change("lb1", "web2", s => s with { Admin = AdminState.Maint, Health = ServerHealth.Unknown });
        var run = new RecordedRun(lab.World);
        run.Do(plan, Mishap.None);
        Assert.Contains("it got its traffic back", run.Chain[0].Outcome!.Message, StringComparison.Ordinal);
        run.Undo();
        Assert.Equal("lb1 Maint 100, lb2 Ready 100", lab.States());
    }

    [Theory]
    [InlineData(AdminState.Drain, 100)]
    [InlineData(AdminState.Ready, 40)]
    public void Undo_ScaleOutOfAServerThatOneNodeHadAlready_IsAsItWasThere(AdminState state, int weight)
    {
        using var lab = new ScaleLab();
        Have(lab, state, weight);
        new RecordedRun(lab.World).DoAndJudge(lab.Out().Plan!, Mishap.None, resume: false);
    }

    [Theory]
    [InlineData(AdminState.Drain, 100)]
    [InlineData(AdminState.Drain, 3)]
    [InlineData(AdminState.Maint, 40)]
    public void Undo_ScaleInOfAServerOutOfRotation_IsAsItWas(AdminState state, int weight)
    {
        using var lab = new ScaleLab();
        Have(lab, state, weight);
        new RecordedRun(lab.World).DoAndJudge(lab.In(acceptLow: true).Plan!, Mishap.None, resume: false);
    }

    private static void Have(ScaleLab lab, AdminState state, int weight)
    {
        lab.World["em1"].ServiceActive = true;
        lab.World["lb1"].Lines.Add("em1");
        lab.World["lb1"].Servers =
        [
            .. lab.World["lb1"].Servers,
            lab.World["lb1"].Servers[0] with
            {
                Server = "em1", Address = "10.0.0.61:8080", Admin = state, Weight = weight, CurrentSessions = 0,
                Health = state == AdminState.Maint ? ServerHealth.Unknown : ServerHealth.Up,
            },
        ];
    }
}
