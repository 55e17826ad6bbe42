namespace LbRunbook.SystemTests.Ssh;

public sealed class OpenSshFailureTests : SshFailureContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.OpenSsh(server);
}
