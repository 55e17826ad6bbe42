using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Probing;
using Xunit;

namespace LbRunbook.Tests.Adapters.Probing;

public sealed class HttpResponseReaderTests
{
    private const string Chunked =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx-served-by: lb1\r\nTransfer-Encoding: "
            + "chunked\r\n\r\n5\r\nweb1\n\r\n3;a=b\r\nxyz\r\n0\r\nTrailer: x\r\n\r\n";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", false, true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", true, false)]
    [InlineData("HTTP/1.0 204 No Content\r\n\r\n", true, false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n", true, true)]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", true, true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", false, false)]
    [InlineData(Chunked, true, true)]
    public void Feed_Response_KnowsItsEnd(string text, bool complete, bool reusable)
    {
        var reader = Read(text);

        Assert.Equal((complete, reusable, false), (reader.Complete, reader.Reusable, reader.Malformed));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void Feed_NotHttp_IsMalformed(string text) => Assert.True(Read(text).Malformed);

    [Fact]
    public void EndOfStream_ResponseWithoutLength_CompletesIt()
    {
        var reader = Read("HTTP/1.1 200 OK\r\n\r\nuntil the end");
        reader.EndOfStream();

        Assert.True(reader.Complete);
    }

    [Fact]
    public void EndOfStream_WithinChunkedBody_DoesNot()
    {
        var reader = Read(Chunked[..^5]);
        reader.EndOfStream();

        Assert.False(reader.Complete);
    }

    [Fact]
    public void Feed_CutAnywhere_ReadsTheSame() =>
        Prop.ForAll(Gen.Choose(1, Chunked.Length - 1).ListOf().ToArbitrary(), cuts =>
        {
            var reader = new HttpResponseReader("X-Served-By", whoFromBody: true, headRequest: false);
            reader.Reset();
            var from = 0;
            foreach (var cut in cuts.Order().Append(Chunked.Length))
            {
                reader.Feed(Encoding.ASCII.GetBytes(Chunked[from..cut]));
                from = cut;
            }
            return reader is { Complete: true, Status: 200, Reusable: true, Who: "web1" };
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("X-Served-By: lb1\r\nX-Backend-Server: web1", "lb1")]
    [InlineData("X-Backend-Server: web1\r\nX-Served-By: lb1", "lb1")]
    [InlineData("X-Backend-Server: web1\r\nServer: nginx", "web1")]
    [InlineData("Server: nginx", null)]
    [InlineData("X-Served-By: a\u001b[31mb", "a?[31mb")]
    public void Who_Headers_ConfiguredOneWinsAndServerIsNoName(string headers, string? who) =>
        Assert.Equal(who, Read($"HTTP/1.1 200 OK\r\n{headers}\r\nContent-Length: 0\r\n\r\n").Who);

    [Fact]
    public void Feed_HeadRequest_HasNoBody()
    {
        var reader = new HttpResponseReader("X-Served-By", whoFromBody: false, headRequest: true);
        reader.Reset();
        reader.Feed("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"u8);

        Assert.True(reader.Complete);
    }

    private static HttpResponseReader Read(string text)
    {
        var reader = new HttpResponseReader("X-Served-By", whoFromBody: false, headRequest: false);
        reader.Reset();
        reader.Feed(Encoding.UTF8.GetBytes(text));
        return reader;
    }
}
