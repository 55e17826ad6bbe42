using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

public sealed class LabLifecycleTests : IAsyncLifetime
{
    private readonly List<string> _names = [];

    public ValueTask InitializeAsync()
    {
        Assert.SkipWhen(LabNames.WhyNoLab() is not null, LabNames.WhyNoLab() ?? "");
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("haproxy")]
    [InlineData("nginx")]
    public async Task UpServeDown_AnyProxy_LeavesNothing(string proxy)
    {
        var name = Fresh();
        await Lbctl.ExpectAsync(0, "lab", "up", "--name", name, "--proxy", proxy, "--nodes", "1", "--backends", "2");
        var addresses = StateOf(name).Addresses;

        using var http = new HttpClient();
        using var response = await http.GetAsync(new Uri($"http://{addresses.VipV4}/whoami"), TestContext.Current.CancellationToken);
        Assert.Equal("lb1", response.Headers.GetValues("X-Served-By").Single());
        Assert.StartsWith("web", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("OK\n",
            await http.GetStringAsync(new Uri($"http://[{addresses.VipV6}]/health"), TestContext.Current.CancellationToken));
        Assert.NotEmpty(await LabTraces.FindAsync(name, addresses.Index));

        Assert.Contains("is left", await Lbctl.ExpectAsync(0, "lab", "down", "--name", name), StringComparison.Ordinal);
        Assert.Empty(await LabTraces.FindAsync(name, addresses.Index));
    }

    [Fact]
    public async Task Up_TwoLabsAtOnce_DoNotMeet()
    {
        var (one, other) = (Fresh(), Fresh());
        await Task.WhenAll(UpAsync(one), UpAsync(other));
        var (first, second) = (StateOf(one), StateOf(other));
        Assert.NotEqual(first.Index, second.Index);

        await Lbctl.ExpectAsync(0, "lab", "down", "--name", one);

        Assert.Empty(await LabTraces.FindAsync(one, first.Index));
        using var http = new HttpClient();
        Assert.Equal("OK\n",
            await http.GetStringAsync(new Uri($"http://{second.Addresses.VipV4}/health"), TestContext.Current.CancellationToken));
        Assert.Contains("up already", await Lbctl.ExpectAsync(0, "lab", "up", "--name", other), StringComparison.Ordinal);
    }

    /// <summary>Killed while it mounts, while it boots the hosts, and while it waits for them.</summary>
    [Theory]
    [InlineData("state.json")]
    [InlineData("root/web1/etc")]
    [InlineData("log/web1.log")]
    public async Task Down_UpWasKilled_LeavesNothing(string killedWhenThere)
    {
        var name = Fresh();
        using var up = Process.Start(new ProcessStartInfo(Lbctl.Binary, ["lab", "up", "--name", name]) { RedirectStandardOutput = true,
            RedirectStandardError = true, UseShellExecute = false })!;
        var there = Path.Combine(new LabPaths(name).Directory, killedWhenThere);
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(20), () => Task.FromResult(Path.Exists(there)),
            TestContext.Current.CancellationToken));
        up.Kill();
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(137, up.ExitCode);
        var index = LabRegistry.IndexesOf(name).Single();

        var again = await Lbctl.RunAsync("lab", "up", "--name", name);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains($"Next: lbctl lab down --name {name}", again.Error, StringComparison.Ordinal);

        await Lbctl.ExpectAsync(0, "lab", "down", "--name", name);
        Assert.Empty(await LabTraces.FindAsync(name, index));
    }

    [Fact]
    public async Task Up_Terminated_TakesAwayWhatItMade()
    {
        var name = Fresh();
        using var up = Process.Start(new ProcessStartInfo(Lbctl.Binary, ["lab", "up", "--name", name]) { RedirectStandardOutput = true,
            RedirectStandardError = true, UseShellExecute = false })!;
        Assert.True(await Poll.UntilAsync(TimeSpan.FromSeconds(20), () => Task.FromResult(File.Exists(new LabPaths(name).Log("lb1"))),
            TestContext.Current.CancellationToken));
        var index = LabRegistry.IndexesOf(name).Single();
        Signal.Send(up.Id, Signal.Terminate);
        var said = await up.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await up.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(up.ExitCode == 143, $"exit code {up.ExitCode}: {said}");
        Assert.Empty(await LabTraces.FindAsync(name, index));
    }

    /// <summary>To the process, few descriptors and few inotify instances are the same error.</summary>
    [Fact]
    public async Task Up_NoInotifyInstancesLeft_SaysWhichLimitBeforeItStarts()
    {
        var name = Fresh();
        var up = await ChildProcess.RunAsync(new ProcessSpec("prlimit",
            ["--nofile=150", Lbctl.Binary, "lab", "up", "--name", name, "--backends", "20"]), TestContext.Current.CancellationToken);
        Assert.Equal(3, up.ExitCode);
        Assert.Contains("sysctl -w fs.inotify.max_user_instances=", up.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(new LabPaths(name).Directory));
    }

    [Fact]
    public async Task Exec_CommandFails_PassesItsExitCodeAndWordsOn()
    {
        var name = Fresh();
        await UpAsync(name);
        foreach (var host in (string[])["lb1", "client"])
        {
            var result = await Lbctl.RunAsync("lab", "exec", host, "--name", name, "--", "sh", "-c", "echo \"$1\"; exit 7", "sh",
                "it's  $HOME");
            Assert.Equal("it's  $HOME\n", result.Output);
            Assert.Equal(7, result.ExitCode);
        }
    }

    [Fact]
    public async Task Verbs_UnknownNames_SuggestTheNearest()
    {
        var name = Fresh();
        await UpAsync(name);
        var fault = await Lbctl.RunAsync("lab", "break", "proxy-kil", "lb1", "--name", name);
        Assert.Equal(64, fault.ExitCode);
        Assert.Contains("did you mean proxy-kill?", fault.Error, StringComparison.Ordinal);
        var host = await Lbctl.RunAsync("lab", "break", "proxy-kill", "lbb1", "--name", name);
        Assert.Equal(64, host.ExitCode);
        Assert.Contains("did you mean lb1?", host.Error, StringComparison.Ordinal);
        var role = await Lbctl.RunAsync("lab", "break", "proxy-kill", "web1", "--name", name);
        Assert.Equal(64, role.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _names)
            await Lbctl.RunAsync("lab", "down", "--name", name);
    }

    private string Fresh()
    {
        _names.Add(LabNames.Fresh());
        return _names[^1];
    }

    private static Task<string> UpAsync(string name) =>
        Lbctl.ExpectAsync(0, "lab", "up", "--name", name, "--nodes", "1", "--backends", "1");

    private static LabState StateOf(string name) => LabStateFile.TryRead(new LabPaths(name))!;
}
