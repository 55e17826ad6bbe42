using LbRunbook.Adapters.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit;
using LbRunbook.TestKit.Contracts;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Leases;

/// <summary>The script that runs on the nodes, run by this machine's shell; only its clock is ours.</summary>
public sealed class LeaseScriptTests : LeaseContract, IDisposable
{
    private readonly LeaseNode _node = new();

    public LeaseScriptTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a POSIX shell and flock");

    protected override ILeases Leases => _node.Leases;

    protected override void Pass(TimeSpan time) => _node.Pass(time);

    protected override void Reboot(string node) => _node.Reboot();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("id=zz\ntoken=1\nboot=x\ntaken=1\nrenewed=1\nttl=1\n")]
    [InlineData("id=0123456789abcdef0123456789abcdef\ntoken=08\nboot=x\ntaken=1\nrenewed=1\nttl=1\n")]
    [InlineData("id=0123456789abcdef0123456789abcdef\ntoken=1\nboot=x\ntaken=$(reboot)\nrenewed=a[$(reboot)]\nttl=1\n")]
    [InlineData("\0\u0001\n")]
    public async Task Take_NonsenseIsThere_IsSomebodysAndCanBeBroken(string text)
    {
        Directory.CreateDirectory(_node.Paths.Directory);
        await File.WriteAllTextAsync(_node.File, text, Cancellation);

        var reply = await TakeAsync(SampleLease.Claim("bob"));
        Assert.Equal((LeaseState.Others, null), (reply.State, reply.Lease!.Id));

        Assert.Equal(LeaseState.Free, (await Leases.BreakAsync(Lb1, "web-test", null, Cancellation)).State);
        Assert.Equal(LeaseState.Ours, (await TakeAsync(SampleLease.Claim("bob"))).State);
    }

    [Fact]
    public async Task Take_HugeFileIsThere_IsSomebodysAndCanBeBroken()
    {
        Directory.CreateDirectory(_node.Paths.Directory);
        await File.WriteAllTextAsync(_node.File, new string('x', 1_000_000), Cancellation);
        Assert.Equal(LeaseState.Others, (await TakeAsync(SampleLease.Claim("bob"))).State);
        Assert.Equal(LeaseState.Free, (await Leases.BreakAsync(Lb1, "web-test", null, Cancellation)).State);
    }

    [Fact]
    public async Task Take_HostileHolder_StaysDataAndComesBackAsOneLine()
    {
        var claim = SampleLease.Claim("bob");
        claim = claim with { Holder = claim.Holder with { Command = "lbctl '$(touch /tmp/x)' \n id=ffff", User = "ä\u001b[31m" } };

        var reply = await TakeAsync(claim);

        Assert.Equal(("lbctl '$(touch /tmp/x)' ? id=ffff", "??[31m"), (reply.Lease!.Holder!.Command, reply.Lease.Holder.User));
    }

    [Fact]
    public async Task Take_NoRoom_IsUnusableAndSaysWhy()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "no /dev/full here");
        Directory.CreateDirectory(_node.Paths.Directory);
        // The file that it writes before it renames it.
        Directory.CreateDirectory(Path.Combine(_node.Paths.Directory, "new.web-test"));
        var reply = await TakeAsync(SampleLease.Claim("bob"));
        Assert.Equal(LeaseState.Unusable, reply.State);
        Assert.Contains("new.web-test", reply.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fence_LeaseIsOurs_RunsTheCommandAndKeepsItsCode()
    {
        var claim = SampleLease.Claim("bob");
        await TakeAsync(claim);
        var result = await Fenced(claim).RunAsync(Host, new("sh", "-c", "echo \"$1\"; exit 3", "x", "a  b"), Cancellation);
        Assert.Equal((3, "a  b\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("taken over")]
    [InlineData("broken")]
    public async Task Fence_LeaseIsNotOursAnyMore_StartsNothing(string how)
    {
        var claim = SampleLease.Claim("bob");
        await TakeAsync(claim);
        var trace = Path.Combine(_node.Paths.Directory, "trace");
        await Fenced(claim).RunAsync(Host, new("touch", trace), Cancellation);
        Assert.True(File.Exists(trace));
        File.Delete(trace);

        if (how == "broken")
            await Leases.BreakAsync(Lb1, "web-test", claim.Id, Cancellation);
        else
            Pass(TimeSpan.FromSeconds(31));
        if (how == "taken over")
            await TakeAsync(SampleLease.Claim("alice"));

        var refused = await Assert.ThrowsAsync<AdapterException>(() => Fenced(claim).RunAsync(Host, new("touch", trace), Cancellation));
        Assert.Contains("not this run's any more", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(trace));
    }

    [Fact]
    public async Task Fence_AnotherHost_IsNotFenced() =>
        Assert.True((await Fenced(SampleLease.Claim("bob")).RunAsync(Host with { Name = "client" }, new("true"), Cancellation)).Ok);

    private LbRunbook.Adapters.Ssh.RemoteHost Host { get; } = new("lb1", "192.0.2.1", new SshOptions());

    private FencedShell Fenced(LeaseClaim claim) => new(new LocalShell(), new(claim.Cluster, claim.Id, new HashSet<string> { "lb1" }))
    {
        Paths = _node.Paths,
    };
}
