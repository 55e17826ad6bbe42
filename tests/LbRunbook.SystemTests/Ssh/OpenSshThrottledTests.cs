namespace LbRunbook.SystemTests.Ssh;

public sealed class OpenSshThrottledTests : ThrottledSshContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.OpenSsh(server);
}
