using System.Net;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Wire;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Wire;

public sealed class RemoteSegmentTests
{
    /// <summary>A dead host was once alive because perl complained of a locale.</summary>
    [Theory]
    [InlineData("perl: warning: Setting locale failed.\nperl: warning: Falling back to the standard locale (\"C\").\n", "")]
    [InlineData("perl: warning: Setting locale failed.\n02:00:00:00:00:0A\n02:00:00:00:00:0a\n", "02:00:00:00:00:0a")]
    [InlineData("2:0:0:0:0:a\n", "2:0:0:0:0:a")]
    public async Task Ask_ToolThatTalks_OnlyMacsAreAnswers(string output, string macs)
    {
        var shell = new FakeRemoteShell();
        shell.OnScript("client", "Prints the MACs").Prints(output);

        var heard = await new RemoteSegment(shell).AskAsync(new("client", "192.0.2.5", new()), "eth0", IPAddress.Parse("192.0.2.7"),
            TestContext.Current.CancellationToken);

        Assert.Equal(macs, string.Join(',', heard!));
    }
}
