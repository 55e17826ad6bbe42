using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>Every way in which a login fails, told by the real client.</summary>
public abstract class SshFailureContract : SshServerTests
{
    [Fact]
    public async Task Run_NobodyListens_IsRefused()
    {
        var error = await FailAsync(Server.Host with { Ssh = Server.Host.Ssh with { Port = TestSshServer.FreePort() } });

        Assert.Equal(Reach.Refused, error.Reach);
        Assert.Equal("lb1", error.Target);
    }

    [Fact]
    public async Task Run_NameThatDoesNotResolve_IsUnreachable() =>
        Assert.Equal(Reach.Unreachable, (await FailAsync(Server.Host with { Host = "lb1.invalid" })).Reach);

    [Fact]
    public async Task Run_HostThatLooksLikeAnOption_IsNotTakenAsOne()
    {
        var trap = Server.InDirectory("trap");
        await FailAsync(Server.Host with { Host = $"-oProxyCommand=touch {trap}" });

        Assert.False(File.Exists(trap));
    }

    [Fact]
    public async Task Run_KeyNotAuthorized_IsPermissionDenied()
    {
        await File.WriteAllTextAsync(Server.InDirectory("authorized"), "", Cancellation);
        var error = await FailAsync(Server.Host with { Ssh = Server.Host.Ssh with { User = "root" } });

        Assert.Equal(Reach.PermissionDenied, error.Reach);
        Assert.Contains($"root@127.0.0.1:{Server.Port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OtherHostKeyThanRecorded_IsHostKeyChanged()
    {
        await Server.TrustAsync("other");
        var error = await FailAsync(Server.Host);

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
        Assert.Contains($"ssh-keygen -f {Server.KnownHosts} -R '[127.0.0.1]:{Server.Port}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoHostKeyRecorded_IsRefusedWithTheCommandThatChecksIt()
    {
        await File.WriteAllTextAsync(Server.KnownHosts, "", Cancellation);
        var error = await FailAsync(Server.Host);

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
        Assert.Contains($"ssh-keyscan -p {Server.Port} 127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HostKeyRevoked_IsRefusedAndNotCalledUnknown()
    {
        var key = await File.ReadAllTextAsync(Server.InDirectory("host.pub"), Cancellation);
        await File.AppendAllTextAsync(Server.KnownHosts, $"@revoked * {key}", Cancellation);
        var error = await FailAsync(Server.Host);

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
        Assert.Contains("@revoked", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(">>", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EncryptedKeyThatNobodyHolds_IsPermissionDenied()
    {
        await Server.KeyAsync("locked", "-t", "ed25519", "-N", "secret");
        var error = await FailAsync(Server.Host with { Ssh = Server.Host.Ssh with { Identity = Server.InDirectory("locked") } });

        Assert.Equal(Reach.PermissionDenied, error.Reach);
    }

    [Fact]
    public async Task Run_ServerThatNeverSpeaks_TimesOutAfterTheConnectTimeoutForAllAtOnce()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var host = Server.Host with
        {
            Ssh = Server.Host.Ssh with { Port = ((IPEndPoint)mute.LocalEndpoint).Port, ConnectTimeout = TimeSpan.FromMilliseconds(600) },
        };
        var clock = Stopwatch.StartNew();
        var errors = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => FailAsync(host)));

        Assert.All(errors, error => Assert.Equal(Reach.TimedOut, error.Reach));
        Assert.Contains("0.6 s", errors[0].Message, StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(4));
    }

    private Task<AdapterException> FailAsync(RemoteHost host) =>
        Assert.ThrowsAsync<AdapterException>(() => Tested.Shell.RunAsync(host, new("true"), Cancellation));
}
