namespace LbRunbook.SystemTests.Ssh;

public sealed class SshNetThrottledTests : ThrottledSshContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.BuiltIn();
}
