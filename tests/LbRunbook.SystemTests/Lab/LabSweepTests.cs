using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

/// <summary>
/// In a sandbox whose labs get the numbers of this machine's first ones. Control groups are seen through the sandbox, so a lab of the same
/// number must neither be here nor go away meanwhile: this runs alone.
/// </summary>
[Collection(Timed.Name)]
public sealed class LabSweepTests
{
    [Fact]
    public async Task DownAll_LabsAndStraysAndAKilledUp_LeavesNothing()
    {
        Assert.SkipWhen(LabNames.WhyNoLab() is not null, LabNames.WhyNoLab() ?? "");
        Assert.SkipUnless(Directory.Exists("/sys/fs/cgroup/freezer"),
            "this kernel has no freezer among the old control groups, for which the sandbox of this test is written");
        var group = "lbctl-" + LabNames.Fresh();
        try
        {
            var spec = new ProcessSpec("sh", [RepositoryFiles.Path("tests/LbRunbook.SystemTests/Lab/sandbox.sh"), Lbctl.Binary, group])
            {
                Timeout = TimeSpan.FromMinutes(2),
            };
            var result = await ChildProcess.RunAsync(spec, TestContext.Current.CancellationToken);
            Assert.True(result.Ok, result.Output + result.Error);
            Assert.Contains("lab one is up", result.Output, StringComparison.Ordinal);
            Assert.Contains("belongs to no lab", result.Output, StringComparison.Ordinal);
            Assert.Equal("", result.Output[(result.Output.IndexOf("LEFT\n", StringComparison.Ordinal) + 5)..].Trim());
        }
        finally
        {
            foreach (var hierarchy in (string[])["systemd", "unified", "freezer"])
                await ChildProcess.RunAsync(new ProcessSpec("rmdir", [$"/sys/fs/cgroup/{hierarchy}/{group}"]), CancellationToken.None);
        }
    }
}
