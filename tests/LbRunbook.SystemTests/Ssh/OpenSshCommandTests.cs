namespace LbRunbook.SystemTests.Ssh;

public sealed class OpenSshCommandTests : SshShellContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.OpenSsh(server);
}
