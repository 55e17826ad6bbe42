using System.Globalization;
using LbRunbook.Adapters.Processes;
using LbRunbook.Lab;
using LbRunbook.Lab.Faults;
using LbRunbook.SystemTests.Support;
using Xunit;

namespace LbRunbook.SystemTests.Lab;

/// <summary>
/// Faults that a look from outside does not show, or not the whole of: each does what it says, to its host alone, until it is healed.
/// </summary>
public sealed class LabQuietFaultTests(LabFixture lab) : IClassFixture<LabFixture>, IAsyncDisposable
{
    private const string Rules = "/etc/sudoers.d/lbctl";

    [Fact]
    public async Task DiskFull_OneHost_CannotWriteAndTheOthersCan()
    {
        lab.Require();
        await lab.BreakAsync("disk-full", "lb2");
        var full = await lab.ExecAsync("lb2", "sh", "-c", "head -c 8192 /dev/zero >/etc/more");
        Assert.Contains("No space left", full.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, full.ExitCode);
        Assert.Equal(0, (await lab.ExecAsync("lb1", "sh", "-c", "head -c 8192 /dev/zero >/etc/more && rm /etc/more")).ExitCode);
        await lab.HealAsync();
        Assert.Equal(0, (await lab.ExecAsync("lb2", "sh", "-c", "head -c 8192 /dev/zero >/etc/more && rm /etc/more")).ExitCode);
    }

    [Fact]
    public async Task SudoRevoke_OneHost_RulesAreGoneAndComeBackAsTheyWere()
    {
        lab.Require();
        var before = await RulesAsync("lb2");
        await lab.BreakAsync("sudo-revoke", "lb2");
        Assert.NotEqual(0, (await MayAsync("lb2")).ExitCode);
        Assert.Equal(0, (await MayAsync("lb1")).ExitCode);
        await lab.HealAsync();
        Assert.Equal(0, (await MayAsync("lb2")).ExitCode);
        Assert.Equal(before, await RulesAsync("lb2"));
    }

    [Fact]
    public async Task ClockStep_OneHost_IsAnHourAhead()
    {
        lab.Require();
        Assert.SkipWhen(ClockStepFault.FakeTime is null, "no libfaketime on this machine");
        await lab.BreakAsync("clock-step", "lb2");
        await ExpectAheadAsync("lb2", 3600);
        await lab.HealAsync();
        await ExpectAheadAsync("lb2", 0);
    }

    /// <summary>Neighbours are known beforehand: without ARP nothing would be sent in either direction.</summary>
    [Theory]
    //                     to host, from host
    [InlineData("in-cut", false, true)]
    [InlineData("out-cut", true, false)]
    public async Task OneDirectionCut_OtherDirectionGoesOn(string fault, bool toHost, bool fromHost)
    {
        lab.Require();
        await KnowEachOtherAsync("client", "lb2");
        Assert.True(await ArrivesAsync("UDP", 9999, "client", "lb2"));
        await lab.BreakAsync(fault, "lb2");
        Assert.Equal((toHost, fromHost),
            (await ArrivesAsync("UDP", 9999, "client", "lb2"), await ArrivesAsync("UDP", 9999, "lb2", "client")));
        await lab.HealAsync();
        Assert.Equal((true, true), (await ArrivesAsync("UDP", 9999, "client", "lb2"), await ArrivesAsync("UDP", 9999, "lb2", "client")));
    }

    [Fact]
    public async Task VrrpCut_OnlyProtocol112IsLost()
    {
        lab.Require();
        Assert.True(await ArrivesAsync("IP4", 112, "lb1", "lb2"));
        await lab.BreakAsync("vrrp-cut", "lb2");
        Assert.False(await ArrivesAsync("IP4", 112, "lb1", "lb2"));
        Assert.False(await ArrivesAsync("IP4", 112, "lb2", "lb1"));
        Assert.True(await ArrivesAsync("IP4", 113, "lb1", "lb2"));
        await lab.HealAsync();
        Assert.True(await ArrivesAsync("IP4", 112, "lb2", "lb1"));
    }

    [Fact]
    public async Task OperatorCut_MachineIsDeafAndDumb_ClientIsServed()
    {
        lab.Require();
        await lab.BreakAsync("operator-cut", "operator");
        Assert.NotEqual(0, (await LabCommands.TryAsync(["arping", "-q", "-c", "1", "-w", "1", "-I", lab.Addresses.Bridge,
            lab.AddressOf("lb1")], Token)).ExitCode);
        Assert.Equal(0, (await InAsync("client", "curl", "-sf", "-m", "2", $"http://{lab.Addresses.VipV4}/health")).ExitCode);
        Assert.Contains("operator  FAULT operator-cut", await Lbctl.ExpectAsync(0, "lab", "status", "--name", lab.Name),
            StringComparison.Ordinal);
        // Without a host, as it was made.
        await Lbctl.ExpectAsync(0, "lab", "heal", "operator-cut", "--name", lab.Name);
        Assert.Equal(0, (await LabCommands.TryAsync(["arping", "-q", "-c", "1", "-w", "1", "-I", lab.Addresses.Bridge,
            lab.AddressOf("lb1")], Token)).ExitCode);
    }

    /// <summary>Nothing of a fault may outlive the lab that it was made in.</summary>
    [Fact]
    public async Task Down_EveryFaultIsActive_LeavesNothing()
    {
        lab.Require();
        var name = LabNames.Fresh();
        try
        {
            await Lbctl.ExpectAsync(0, "lab", "up", "--name", name, "--nodes", "2", "--backends", "1");
            var index = LabRegistry.IndexesOf(name).Single();
            foreach (var fault in (string[])["vrrp-cut", "in-cut", "sshd-freeze", "disk-full", "sudo-revoke", "operator-cut"])
                await Lbctl.ExpectAsync(0,
                    ["lab", "break", fault, .. fault == "operator-cut" ? Array.Empty<string>() : ["lb1"], "--name", name]);
            await Lbctl.ExpectAsync(0, "lab", "down", "--name", name);
            Assert.Empty(await LabTraces.FindAsync(name, index));
        }
        finally
        {
            await Lbctl.RunAsync("lab", "down", "--name", name);
        }
    }

    [Fact]
    public async Task Break_NoFault_ListsThem()
    {
        var list = await Lbctl.ExpectAsync(0, "lab", "break");
        Assert.Equal(LabFaultCatalog.All.Select(f => f.Name),
            list.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
    }

    public async ValueTask DisposeAsync()
    {
        if (LabNames.WhyNoLab() is null)
            await lab.HealAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Task<ProcessResult> MayAsync(string host) =>
        lab.ExecAsync(host, "su", "-c", "sudo -n -l -- ip addr replace 10.0.0.1/32 dev eth0", "ops");

    private async Task<string> RulesAsync(string host) =>
        (await lab.ExecAsync(host, "sh", "-c", $"stat -c %A%u%g {Rules}; sha256sum {Rules}")).Output;

    /// <summary>To the second, however long a login takes: its clock is read between two looks at another host's.</summary>
    private async Task ExpectAheadAsync(string host, int seconds)
    {
        var before = await ClockAsync("lb1");
        var clock = await ClockAsync(host);
        Assert.InRange(clock, before + seconds - 1, await ClockAsync("lb1") + seconds + 1);
    }

    /// <summary>As a login sees it.</summary>
    private async Task<long> ClockAsync(string host) =>
        long.Parse(await Lbctl.ExpectAsync(0, "lab", "exec", host, "--name", lab.Name, "--", "date", "+%s"), CultureInfo.InvariantCulture);

    private Task<ProcessResult> InAsync(string host, params IReadOnlyList<string> command) =>
        LabCommands.TryAsync(["ip", "netns", "exec", lab.Addresses.ObjectOf(host), .. command], Token);

    private async Task KnowEachOtherAsync(string one, string other)
    {
        foreach (var (here, there) in ((string, string)[])[(one, other), (other, one)])
        {
            var mac = (await InAsync(there, "cat", "/sys/class/net/eth0/address")).Output.Trim();
            Assert.True((await InAsync(here, "ip", "neigh", "replace", lab.AddressOf(there), "lladdr", mac, "dev", "eth0", "nud",
                "permanent")).Ok);
        }
    }

    /// <summary>
    /// Nothing is sent before the receiver is there, and it stays until all is sent: both take their time on a busy machine.
    /// </summary>
    private async Task<bool> ArrivesAsync(string kind, int number, string from, string to)
    {
        using var folder = new TemporaryFolder();
        var heard = InAsync(to, "timeout", "30", "sh", "-c",
            "socat -u \"$1\" STDOUT & receiver=$!; until [ -e \"$2\" ]; do sleep 0.05; done; kill $receiver",
            "sh", $"{kind}-RECV:{number}", folder["sent"]);
        await Support.Poll.UntilAsync(async () => (await InAsync(to, "cat", "/proc/net/raw", "/proc/net/udp", "/proc/net/udp6")).Output,
            sockets => sockets.Contains($":{number:X4} ", StringComparison.Ordinal), sockets => sockets, everyMilliseconds: 50);
        for (var i = 0; i < 3; i++)
        {
            await LabCommands.TryAsync(["ip", "netns", "exec", lab.Addresses.ObjectOf(from), "socat", "-u", "STDIN",
                $"{kind}-SENDTO:{lab.AddressOf(to)}:{number}"], Token, "hello");
            await Task.Delay(50, Token);
        }
        File.WriteAllText(folder["sent"], "");
        return (await heard).Output.Contains("hello", StringComparison.Ordinal);
    }
}
