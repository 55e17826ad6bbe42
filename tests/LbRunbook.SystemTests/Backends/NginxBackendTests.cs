using LbRunbook.SystemTests.Failover;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Backends;

public sealed class NginxLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--proxy", "nginx"];
}

/// <summary>The same on two real nginx, whose configuration is changed, tested and loaded.</summary>
public sealed class NginxBackendTests(NginxLab lab) : IClassFixture<NginxLab>
{
    private const string Config = "/etc/nginx/nginx.conf";

    [Fact]
    public async Task IsolateThenUndo_TwoHundredRequestsASecond_NoneFailsAndTheFileIsAsBefore()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await ReadAsync("lb1");
        using var probe = await LiveProbe.StartAsync(op.Segment, lab.Addresses.VipV4, path: "/whoami");

        await op.ExpectAsync(0, "isolate-backend", "web1");
        var line = Assert.Single((await ReadAsync("lb1")).Split('\n').Except(before.Split('\n')));
        Assert.EndsWith(" down;", line, StringComparison.Ordinal);
        Assert.Contains($"server {lab.AddressOf("web1")}:8080", line, StringComparison.Ordinal);

        await op.ExpectAsync(0, "undo");
        Assert.Equal(before, await ReadAsync("lb1"));
        Assert.Empty((await probe.StopAsync()).Failures);
    }

    [Fact]
    public async Task Isolate_ConfigurationIsBrokenAlready_LeavesItAlone()
    {
        using var op = await Operator.AtAsync(lab);
        var before = await ReadAsync("lb2");
        await lab.ExecAsync("lb2", "sh", "-c", $"echo 'nonsense;' >>{Config}");
        try
        {
            var broken = await ReadAsync("lb2");
            var report = await op.RunAsync("isolate-backend", "web1");
            Assert.True(report.ExitCode is 3 or 4, report.ToString());
            Assert.Equal(broken, await ReadAsync("lb2"));
        }
        finally
        {
            await lab.ExecAsync("lb2", "sed", "-i", "/^nonsense;$/d", Config);
            await op.RunAsync("undo");
        }
        Assert.Equal(before, await ReadAsync("lb2"));
    }

    [Theory]
    [InlineData(": >/run/nginx.pid")]
    [InlineData("sleep 600 </dev/null >/dev/null 2>&1 & echo $! >/run/nginx.pid; echo $! >/run/bystander.pid")]
    public async Task Isolate_PidFileIsWrong_ReachesTheMasterAndNobodyElse(string break_)
    {
        using var op = await Operator.AtAsync(lab);
        foreach (var node in (string[])["lb1", "lb2"])
            await lab.ExecAsync(node, "sh", "-c", break_);
        try
        {
            await op.ExpectAsync(0, "isolate-backend", "web3");

            await using var who = new WhoServed(lab);
            var from = DateTimeOffset.UtcNow;
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            var answers = who.Between(from, DateTimeOffset.UtcNow);
            Assert.True(answers.GetValueOrDefault("web1") > 0, string.Join(", ", answers.Keys));
            Assert.DoesNotContain("web3", answers.Keys);
            foreach (var node in (string[])["lb1", "lb2"])
                await lab.ExecAsync(node, "sh", "-c", "[ ! -e /run/bystander.pid ] || kill -0 $(cat /run/bystander.pid)");
            await op.ExpectAsync(0, "undo");
        }
        finally
        {
            foreach (var node in (string[])["lb1", "lb2"])
                await lab.ExecAsync(node, "sh", "-c",
                    "[ ! -e /run/bystander.pid ] || kill $(cat /run/bystander.pid); rm -f /run/bystander.pid; "
                        + "pgrep -o -x nginx >/run/nginx.pid");
        }
    }

    private async Task<string> ReadAsync(string node) => (await lab.ExecAsync(node, "cat", Config)).Output;
}
