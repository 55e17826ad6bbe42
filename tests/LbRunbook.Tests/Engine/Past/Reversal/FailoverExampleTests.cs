using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using LbRunbook.Tests.Engine.Failover;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>What the properties found, one by one: addresses that are moved by hand.</summary>
public sealed class FailoverExampleTests
{
    private readonly FailoverLab _lab = new(SampleFleet.TwoNodes(withIPv6: true));
    private readonly RecordedRun _run;

    public FailoverExampleTests() => _run = new(_lab.World);

    private FakeFleet World => _lab.World;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Undo_FailoverThatHealedADuplicate_LeavesOneHolder(bool emergency)
    {
        World["lb2"].Give(_lab.Fleet.Vip("public"));
        _run.Do(_lab.Plan(_lab.Request() with { Emergency = emergency }).Plan!, Mishap.None);
        Assert.Equal(["lb2"], World.HoldersOf("public"));

        var (plan, undo) = _run.Undo();
        Assert.True(undo.Complete, undo.Outcome!.Message);
        ExpectHolders("lb2", "lb1");
        Assert.Contains(plan.Warnings,
            w => w.StartsWith("public was on more than one node, and is not put back on lb1", StringComparison.Ordinal));
    }

    [Fact]
    public void Undo_DuplicateWhoseOtherHolderWasStarted_KeepsItServed()
    {
        World["lb2"].Give(_lab.Fleet.Vip("public"));
        World["lb2"].Give(_lab.Fleet.Vip("public6"));
        World["lb2"].ServiceActive = false;
        _run.Do(_lab.Plan().Plan!, Mishap.None);

        Assert.True(_run.Undo().Run.Complete);
        Assert.True(World["lb2"].ServiceActive);
        Assert.Equal(["lb2"], World.HoldersOf("public"));
    }

    [Fact]
    public void Undo_AddressThatNobodyHad_StaysAndMakesNoDuplicateOfTheOther()
    {
        World["lb1"].Addresses.RemoveAll(a => a.Address == "fd00::100");
        _run.Do(_lab.Plan().Plan!, Mishap.None);

        Assert.True(_run.Undo().Run.Complete);
        ExpectHolders("lb1", "lb2");
    }

    [Fact]
    public void Undo_AddressAddedByHandBeforeTheResume_LeavesOneHolder()
    {
        var undisturbed = new FailoverExampleTests();
        undisturbed._run.Do(undisturbed._lab.Plan().Plan!, Mishap.None);
        var added = undisturbed.World.Faults.Calls.ToList().FindIndex(c => c.Operation == "vip.add");
        // While it looks whether it must add it: nothing is written down yet.
        _run.Do(_lab.Plan().Plan!, new(MishapKind.Kill, added));
        World["lb2"].Give(_lab.Fleet.Vip("public"));
        _run.Do(_run.Resume().Plan!, Mishap.None);
        Assert.Equal(["lb2"], World.HoldersOf("public"));

        Assert.True(_run.Undo().Run.Complete);
        ExpectHolders("lb2", "lb1");
    }

    [Fact]
    public void Undo_AnnouncementWhoseAnswerWasLost_TellsTheClientsAgain()
    {
        var plan = _lab.Plan().Plan!;
        World.Faults.Inject("vip.announce", "lb2", FaultKind.LoseReply, times: 1);
        _run.Do(plan, Mishap.None);
        Assert.Equal(World["lb2"].Mac, World.ClientNeighbours[_lab.Fleet.Vip("public").Address]);

        Assert.True(_run.Undo().Run.Complete);
        Assert.Equal(World["lb1"].Mac, World.ClientNeighbours[_lab.Fleet.Vip("public").Address]);
    }

    [Fact]
    public void Undo_OldProxyIsDead_RefusesBeforeItTouchesTheNewOne()
    {
        World["lb1"].ServiceActive = false;
        World["lb2"].ServiceEnabled = false;
        _run.Do(_lab.Plan().Plan!, Mishap.None);

        Assert.Equal(RunResult.Refused, _run.Undo().Run.Outcome!.Result);
        Assert.True(World["lb2"].ServiceEnabled);
    }

    private void ExpectHolders(string v4, string v6) =>
        Assert.Equal($"{v4}, {v6}", $"{string.Join('+', World.HoldersOf("public"))}, {string.Join('+', World.HoldersOf("public6"))}");
}
