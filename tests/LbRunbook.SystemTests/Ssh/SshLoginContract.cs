using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>With what a client logs in, and by what it knows the host.</summary>
public abstract class SshLoginContract : SshServerTests
{
    private protected override Task<TestSshServer> StartAsync() => TestSshServer.StartAsync(async server =>
    {
        await server.KeyAsync("users");
        await server.KeyAsync("hosts");
        await server.SignAsync("hosts", "host", "-h", "-n", "127.0.0.1");
        return [$"TrustedUserCAKeys {server.InDirectory("users.pub")}", $"HostCertificate {server.InDirectory("host-cert.pub")}",
            "AllowTcpForwarding yes"];
    });

    [Fact]
    public async Task Login_KeysOfEveryKind_AreTaken()
    {
        foreach (var (kind, bits) in new[] { ("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048") })
        {
            var name = kind + bits;
            await Server.KeyAsync(name, "-t", kind, "-b", bits);
            await AuthorizeAsync(name);

            Assert.True((await RunAsync(Identity(name))).Ok, name);
        }
    }

    [Fact]
    public async Task Login_CertificateBesideTheKey_IsTaken()
    {
        await Server.KeyAsync("signed");
        await Server.SignAsync("users", "signed", "-n", Environment.UserName);

        Assert.True((await RunAsync(Identity("signed"))).Ok);
    }

    [Fact]
    public async Task Login_HostKnownByItsAuthority_IsBelieved()
    {
        await KnowAsync("@cert-authority * " + await PublicAsync("hosts"));

        Assert.True((await RunAsync(Server.Host.Ssh)).Ok);
    }

    [Fact]
    public async Task Login_AuthorityOfOtherHosts_IsNotBelieved()
    {
        await KnowAsync("@cert-authority *.example.com " + await PublicAsync("hosts"));
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(Server.Host.Ssh));

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
    }

    [Fact]
    public async Task Login_RevokedAuthority_IsNotBelieved()
    {
        await KnowAsync("@cert-authority * " + await PublicAsync("hosts") + "@revoked * " + await PublicAsync("hosts"));
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(Server.Host.Ssh));

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
    }

    [Fact]
    public async Task Login_HashedName_IsFound()
    {
        await Server.HashKnownHostsAsync();

        Assert.DoesNotContain("127.0.0.1", await File.ReadAllTextAsync(Server.KnownHosts, Cancellation), StringComparison.Ordinal);
        Assert.True((await RunAsync(Server.Host.Ssh)).Ok);
    }

    [Fact]
    public async Task Login_HostKnownUnderAnAlias_IsBelieved()
    {
        await KnowAsync("lb1.example.com " + await PublicAsync("host"));

        Assert.True((await RunAsync(Server.Host.Ssh with { HostKeyAlias = "lb1.example.com" })).Ok);
    }

    /// <summary>The key file is encrypted: only the agent can sign with it.</summary>
    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task Login_EncryptedKeyThatAnAgentHolds_IsTaken(string kind)
    {
        await Server.KeyAsync("open", "-t", kind);
        await AuthorizeAsync("open");
        await using var agent = await TestSshAgent.StartAsync(Server, "open");
        await Server.EncryptAsync("open");
        // The public key then stands in the private one's file alone.
        File.Delete(Server.InDirectory("open.pub"));

        Assert.True((await RunAsync(Identity("open"))).Ok);
    }

    [Fact]
    public async Task Login_OverAJumpHost_Arrives()
    {
        await using var jump = await TestSshServer.StartAsync();
        using var named = JumpName.Of(jump);

        var result = await RunAsync(Server.Host.Ssh with { Jump = named.Name });

        Assert.True(result.Ok);
    }

    [Fact]
    public async Task Login_JumpHostThatNobodyKnows_IsNotUsed()
    {
        await using var jump = await TestSshServer.StartAsync();
        await jump.TrustAsync("other");
        using var named = JumpName.Of(jump);
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(Server.Host.Ssh with { Jump = named.Name }));

        Assert.Equal(Reach.HostKeyChanged, error.Reach);
    }

    [Fact]
    public async Task Login_NobodyListensBehindTheJumpHost_IsRefused()
    {
        await using var jump = await TestSshServer.StartAsync();
        using var named = JumpName.Of(jump);
        var error = await Assert.ThrowsAsync<AdapterException>(
            () => RunAsync(Server.Host.Ssh with { Jump = named.Name, Port = TestSshServer.FreePort() }));

        Assert.Equal(Reach.Refused, error.Reach);
    }

    private protected SshOptions Identity(string name) => Server.Host.Ssh with { Identity = Server.InDirectory(name) };

    private protected Task<RemoteResult> RunAsync(SshOptions ssh) =>
        Tested.Shell.RunAsync(Server.Host with { Ssh = ssh }, new("true"), Cancellation);

    private protected async Task AuthorizeAsync(string key) =>
        await File.AppendAllTextAsync(Server.InDirectory("authorized"), await PublicAsync(key), Cancellation);

    private Task<string> PublicAsync(string key) => File.ReadAllTextAsync(Server.InDirectory(key + ".pub"), Cancellation);

    private Task KnowAsync(string lines) => File.WriteAllTextAsync(Server.KnownHosts, lines, Cancellation);
}
