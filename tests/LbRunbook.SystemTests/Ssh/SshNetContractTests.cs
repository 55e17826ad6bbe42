namespace LbRunbook.SystemTests.Ssh;

public sealed class SshNetContractTests : SshContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.BuiltIn();
}
