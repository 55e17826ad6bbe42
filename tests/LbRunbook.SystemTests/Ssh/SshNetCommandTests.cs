namespace LbRunbook.SystemTests.Ssh;

public sealed class SshNetCommandTests : SshShellContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.BuiltIn();
}
