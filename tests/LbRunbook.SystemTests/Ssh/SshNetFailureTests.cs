namespace LbRunbook.SystemTests.Ssh;

public sealed class SshNetFailureTests : SshFailureContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.BuiltIn();
}
