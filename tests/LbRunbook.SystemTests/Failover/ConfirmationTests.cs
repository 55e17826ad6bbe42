using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Failover;

/// <summary>Production is confirmed by name, and a script without a terminal is told so instead of being asked.</summary>
[Collection(SharedLab.Name)]
public sealed class ConfirmationTests(LabFixture lab)
{
    [Fact]
    public async Task Failover_ProductionWithoutTerminal_NeedsTheName()
    {
        using var op = await Operator.AtAsync(lab);
        var text = await File.ReadAllTextAsync(lab.Config, TestContext.Current.CancellationToken);
        Assert.Contains("environment: lab\n", text, StringComparison.Ordinal);
        var config = op.Write("production.yaml", text.Replace("environment: lab\n", "environment: production\n", StringComparison.Ordinal));
        var before = await op.Segment.EverythingAsync();

        foreach (var (flags, names) in ((string[], string)[])[([], $"--confirm {lab.Name}"), (["--yes"], $"--confirm {lab.Name}"),
            (["--confirm", "other"], $"--confirm {lab.Name}")])
        {
            var refused = await op.RawAsync(["--config", config, "failover", "lb1", "lb2", .. flags]);
            Assert.True(refused.ExitCode == 64, $"{string.Join(' ', flags)}: exit {refused.ExitCode}\n{refused.Output}\n{refused.Error}");
            Assert.Contains($"Next: lbctl --config {config} failover lb1 lb2", refused.Error, StringComparison.Ordinal);
            Assert.Contains(names, refused.Error, StringComparison.Ordinal);
        }
        Assert.Equal(before, await op.Segment.EverythingAsync());
        Assert.Empty(op.JournalFiles());

        var done = await op.RawAsync("--config", config, "failover", "lb1", "lb2", "--confirm", lab.Name);
        Assert.True(done.ExitCode == 0, done.Output + done.Error);
        await op.Segment.ExpectHolderAsync("lb2", "after the confirmed failover");
    }
}
