using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>Not beside the other client's: which agent is asked, the whole process has in common.</summary>
[Collection("ssh-agent")]
public sealed class OpenSshLoginTests : SshLoginContract
{
    private protected override SshUnderTest Client(TestSshServer server) => SshUnderTest.OpenSsh(server);
}
