using LbRunbook.Adapters.Haproxy;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class HaproxyReplyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("New server registered.\n")]
    [InlineData("Server deleted.\n")]
    [InlineData("IP changed from '10.0.0.1' to '10.0.0.2', no need to change the port by 'stats socket command'\n\n")]
    public void Parse_Success_HasNoError(string reply) => Assert.True(HaproxyReply.Parse(reply).Ok);

    [Theory]
    [InlineData("No such server.\n\n", "No such server.")]
    [InlineData("Permission denied\n\n", "level admin")]
    [InlineData("Unknown command, but maybe one of the following ones is a better match:\n", "does not know the command")]
    [InlineData("Proxy is disabled.\n", "earlier configuration")]
    [InlineData("Require <weight> or <weight%>.\n", "Require <weight>")]
    [InlineData("Only servers in maintenance mode can be deleted.\n", "maintenance mode")]
    public void Parse_Refusal_KeepsTheReason(string reply, string reason) =>
        Assert.Contains(reason, HaproxyReply.Parse(reply).Error);
}
