using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>The same failovers through the client inside the binary. The whole suite takes it with <c>LBCTL_SSH=built-in</c>.</summary>
[Collection(SharedLab.Name)]
public sealed class BuiltInClientTests(LabFixture lab, ITestOutputHelper output)
{
    [Fact]
    public async Task Failover_BuiltInClient_MovesAndIsTakenBack()
    {
        using var op = await OperatorAsync();

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");
        output.WriteLine($"planned: {done.Outcome["durationMs"]} ms");
        await op.Segment.ExpectHolderAsync("lb2", "after the failover");

        await op.ExpectAsync(0, "undo", done.RunId!);
        await op.Segment.ExpectHolderAsync("lb1", "after it was taken back");
    }

    /// <summary>Without an ssh on the PATH nobody has to say which client it is to be.</summary>
    [Fact]
    public async Task Failover_NoSshOnThisMachine_WorksAllTheSame()
    {
        using var empty = new TemporaryFolder();
        using var op = await Operator.AtAsync(lab);
        op.Variables["PATH"] = empty.Path;

        await op.ExpectAsync(0, "failover", "lb1", "lb2");

        await op.Segment.ExpectHolderAsync("lb2", "after the failover");
    }

    [Theory]
    [InlineData("proxy-kill")]
    [InlineData("host-freeze")]
    public async Task Failover_HolderIsDead_OtherNodeServes(string fault)
    {
        using var op = await OperatorAsync();
        await lab.BreakAsync(fault, "lb1");

        var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

        output.WriteLine($"{fault}: {done.Outcome["durationMs"]} ms");
        await op.Segment.ExpectServedByAsync("lb2", $"after {fault}");
    }

    private async Task<Operator> OperatorAsync()
    {
        var op = await Operator.AtAsync(lab);
        op.Variables["LBCTL_SSH"] = "built-in";
        return op;
    }
}
