using System.Diagnostics;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;
using static LbRunbook.SystemTests.Nginx.NginxDaemon;

namespace LbRunbook.SystemTests.Nginx;

/// <summary>The master is the process that runs, not the one that a file names.</summary>
[Collection("nginx on this machine")]
public sealed class NginxMasterTests
{
    [Theory]
    [InlineData(PidFile.Empty)]
    [InlineData(PidFile.Missing)]
    [InlineData(PidFile.OfAnotherProcess)]
    public async Task SetState_PidFileIsWrong_IsLoadedAndNobodyElseIsSignalled(PidFile what)
    {
        await using var daemon = await StartAsync();
        var before = await daemon.ReadAsync();
        // A HUP ends it.
        using var bystander = Process.Start("sleep", "60");
        try
        {
            File.Delete(daemon.Node.Nginx.PidFile);
            if (what != PidFile.Missing)
                await File.WriteAllTextAsync(daemon.Node.Nginx.PidFile, what == PidFile.Empty ? "" : $"{bystander.Id}\n", Cancellation);
            var workers = Children(before.Pid);

            await daemon.Balancer.SetStateAsync(NameOf(daemon), AdminState.Maint, Cancellation);

            Assert.Empty(workers.Intersect(Children(before.Pid)));
            var after = await daemon.ReadAsync();
            Assert.Equal((before.Pid, AdminState.Maint), (after.Pid, Of(after, NameOf(daemon).Server).Admin));
            Assert.Contains(after.Notes, n => n.Contains(daemon.Node.Nginx.PidFile, StringComparison.Ordinal)
                && n.Contains($"master process is {before.Pid}", StringComparison.Ordinal));
            await daemon.Balancer.Closing.RenewWorkersAsync(Cancellation);
            Assert.False(bystander.HasExited, "the process that the pid file names was signalled");
        }
        finally
        {
            bystander.Kill();
        }
    }

    [Fact]
    public async Task SetState_MasterIsGoneAndItsWorkersServe_ChangesNothingAndSaysWhy()
    {
        await using var daemon = await StartAsync();
        var before = await daemon.ReadAsync();
        var file = await File.ReadAllTextAsync(daemon.UpstreamsPath, Cancellation);
        var workers = Children(before.Pid);
        using (var master = Process.GetProcessById(before.Pid))
            master.Kill();
        try
        {
            var state = await daemon.UntilAsync(s => s.Pid == 0);
            Assert.True(state.Answers, state.Error);
            Assert.Contains("its master process is gone", state.WhyNoChange, StringComparison.Ordinal);

            var refused = await Assert.ThrowsAsync<AdapterException>(
                () => daemon.Balancer.SetStateAsync(NameOf(daemon), AdminState.Maint, Cancellation));

            Assert.Contains("nothing was changed there", refused.Message, StringComparison.Ordinal);
            Assert.Equal(file, await File.ReadAllTextAsync(daemon.UpstreamsPath, Cancellation));
        }
        finally
        {
            foreach (var worker in workers)
                using (var process = Process.GetProcessById(worker))
                    process.Kill();
        }
    }

    [Fact]
    public async Task Read_StartedWithAPrefixAndGlobals_IsReadTestedAndChangedAsItRuns()
    {
        await using var daemon = await StartAsync(d =>
        {
            // Not what the node's configuration says: a copy in a prefix, with the pid file on the command line.
            Directory.CreateDirectory(Path.Combine(d.Folder, "conf"));
            File.WriteAllLines(Path.Combine(d.Folder, "conf/lb.conf"),
                File.ReadAllLines(d.Node.Nginx.Config).Where(l => !l.StartsWith("pid ", StringComparison.Ordinal)));
            File.Move(d.UpstreamsPath, Path.Combine(d.Folder, "conf/upstreams.conf"));
            File.WriteAllText(d.Node.Nginx.Config, "nonsense;\n");
            return ["-p", d.Folder, "-c", "conf/lb.conf", "-g", $"pid {d.Node.Nginx.PidFile};"];
        });

        var state = await daemon.ReadAsync();
        Assert.Equal(3, state.Servers.Count);
        Assert.Contains(state.Notes, n => n.Contains("conf/lb.conf", StringComparison.Ordinal));
        Assert.Null(await daemon.Balancer.TestConfigurationAsync(Cancellation));
        await daemon.Balancer.SetStateAsync(NameOf(daemon), AdminState.Maint, Cancellation);

        Assert.Contains(" down;", (await File.ReadAllLinesAsync(Path.Combine(daemon.Folder, "conf/upstreams.conf"), Cancellation))[3],
            StringComparison.Ordinal);
    }

    public enum PidFile { Empty, Missing, OfAnotherProcess }

    private static ServerName NameOf(NginxDaemon daemon) => new("web_upstream", $"127.0.0.1:{daemon.Alive.Port}");

    private static IReadOnlyList<int> Children(int pid) =>
        [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
