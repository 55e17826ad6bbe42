using LbRunbook.Lab;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>In the collection of the shared lab, so that only one lab's traffic is measured at a time.</summary>
[Collection(SharedLab.Name)]
public sealed class NginxFailoverTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_NginxNodes_MovesAndReturns()
    {
        lab.Require();
        var name = LabNames.Fresh();
        try
        {
            await Lbctl.ExpectAsync(0, "lab", "up", "--name", name, "--proxy", "nginx", "--backends", "1");
            var segment = new LabSegment(LabStateFile.TryRead(new LabPaths(name))!);
            using var op = Operator.At(segment);
            await segment.ExpectServedByAsync("lb1", "before");

            var done = await op.ExpectAsync(0, "failover", "lb1", "lb2");

            Assert.Equal("done", done.Result);
            await segment.ExpectHolderAsync("lb2", "after the failover");
            await segment.ExpectServedByAsync("lb2", "after the failover");
            await op.ExpectAsync(0, "undo");
            await segment.ExpectServedByAsync("lb1", "after the undo");
        }
        finally
        {
            await Lbctl.RunAsync("lab", "down", "--name", name);
        }
    }
}
