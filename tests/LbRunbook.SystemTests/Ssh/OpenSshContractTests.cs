namespace LbRunbook.SystemTests.Ssh;

public sealed class OpenSshContractTests : SshContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.OpenSsh(server);
}
