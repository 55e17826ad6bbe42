using System.Diagnostics;
using LbRunbook.Core.Observations;
using LbRunbook.SystemTests.Support;
using Xunit;
using static LbRunbook.SystemTests.Nginx.NginxDaemon;

namespace LbRunbook.SystemTests.Nginx;

/// <summary>An nginx with processes of its own, as in a container.</summary>
[Collection("nginx on this machine")]
public sealed class NginxContainerTests
{
    [Fact]
    public async Task Container_WithAndWithoutExec_IsEnteredOrSaid()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "namespaces need root");
        await using var daemon = await StartAsync();
        await daemon.StopAsync();
        using var container = Process.Start("unshare",
            ["--fork", "--pid", "--mount-proc", "nginx", "-c", daemon.Node.Nginx.Config, "-g", "daemon off;"]);
        var first = await Poll.UntilAsync(() => Task.FromResult(ChildOf(container.Id)), pid => pid > 0, _ => "nothing was started");
        try
        {
            var outside = await daemon.UntilAsync(s => s.Answers);
            Assert.Equal(0, outside.Pid);
            Assert.Contains($"it runs in a container (pid {first}", outside.WhyNoChange, StringComparison.Ordinal);
            var inside = daemon.At(daemon.Node with { Exec = ["nsenter", "--target", $"{first}", "--mount", "--pid", "--"] });

            await inside.SetStateAsync(new("web_upstream", $"127.0.0.1:{daemon.Alive.Port}"), AdminState.Maint, Cancellation);

            var state = await inside.ReadAsync(Cancellation);
            Assert.Equal((1, null), (state.Pid, state.WhyNoChange));
            Assert.Equal(AdminState.Maint, Of(state, $"127.0.0.1:{daemon.Alive.Port}").Admin);
        }
        finally
        {
            using var init = Process.GetProcessById(first);
            init.Kill();
        }
    }

    private static int ChildOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ') is [var child, ..] && int.TryParse(child, out var id) ? id : 0;
}
