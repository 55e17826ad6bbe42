using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>Not beside the other client's: which agent is asked, the whole process has in common.</summary>
[Collection("ssh-agent")]
public sealed class SshNetLoginTests : SshLoginContract
{
    private const string Variable = "LBCTL_SSH_PASSPHRASE";

    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.BuiltIn();

    [Fact]
    public async Task Login_EncryptedKeyWhosePassphraseIsInTheVariable_IsTaken()
    {
        await LockedAsync();
        using var _ = new Passphrase("secret");

        Assert.True((await RunAsync(Identity("locked"))).Ok);
    }

    [Fact]
    public async Task Login_WrongPassphrase_IsSaidWithTheKey()
    {
        await LockedAsync();
        using var _ = new Passphrase("other");
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(Identity("locked")));

        Assert.Equal(Reach.PermissionDenied, error.Reach);
        Assert.Contains($"{Server.InDirectory("locked")} does not open with the passphrase", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_EncryptedKeyThatNobodyHolds_SaysWhatHelps()
    {
        await LockedAsync();
        var error = await Assert.ThrowsAsync<AdapterException>(() => RunAsync(Identity("locked")));

        Assert.Contains($"`ssh-add {Server.InDirectory("locked")}`", error.Message, StringComparison.Ordinal);
    }

    private async Task LockedAsync()
    {
        await Server.KeyAsync("locked", "-t", "ed25519", "-N", "secret");
        await AuthorizeAsync("locked");
    }

    private sealed class Passphrase : IDisposable
    {
        public Passphrase(string text) => Environment.SetEnvironmentVariable(Variable, text);

        public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);
    }
}
