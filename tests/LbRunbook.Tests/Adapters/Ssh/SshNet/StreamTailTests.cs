using System.Text;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh.SshNet;
using Renci.SshNet.Common;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh.SshNet;

public sealed class StreamTailTests
{
    [Fact]
    public void Drain_CharacterInTwoPieces_IsWhole()
    {
        using var stream = new PipeStream();
        var text = new BoundedText(100);
        var tail = new StreamTail(stream, text);
        var bytes = Encoding.UTF8.GetBytes("a✓b");

        stream.Write(bytes, 0, 2);
        Assert.True(tail.Drain());
        stream.Write(bytes, 2, bytes.Length - 2);
        Assert.True(tail.Drain());

        Assert.False(tail.Drain());
        Assert.Equal("a✓b", text.Text);
    }

    [Fact]
    public void Drain_MoreThanTheLimit_IsReadAndDropped()
    {
        using var stream = new PipeStream();
        var text = new BoundedText(10);
        stream.Write(new byte[200_000], 0, 200_000);
        new StreamTail(stream, text).Drain();

        Assert.Equal((0, 10, true), (stream.Length, text.Text.Length, text.Truncated));
    }
}
