using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class HaproxyPoolLinesTests
{
    private const string Text = """
        global
            maxconn 4000
        frontend web
            default_backend web
        backend web
            balance roundrobin
        	server web1 10.0.1.10:8080 check
            # server web2 10.0.1.11:8080 check
            http-reuse safe

        # next
        backend web2
            server web1 10.0.2.10:8080
        backend empty
            balance leastconn
        """;

    private static readonly NewServer Server = new(new("web", "em1"), "10.0.0.61:8080", 100, 10, "check inter 1s");

    [Fact]
    public void With_Server_AddsOneLineAfterThePoolsLastOne()
    {
        var lines = new HaproxyPoolLines(Text, "web").With(Server)!.Split('\n').ToList();
        var at = lines.FindIndex(l => l.Contains("em1", StringComparison.Ordinal));
        Assert.Equal("\tserver em1 10.0.0.61:8080 check inter 1s weight 100 # lbctl scale-out", lines[at]);
        Assert.Equal("\tserver web1 10.0.1.10:8080 check", lines[at - 1]);
        lines.RemoveAt(at);
        Assert.Equal(Text, string.Join('\n', lines));
    }

    [Theory]
    [InlineData(Text)]
    [InlineData(Text + "\n")]
    [InlineData("backend web\n")]
    [InlineData("backend web\r\n    server web1 10.0.1.10:8080\r\n")]
    [InlineData("listen web\n server a 10.0.1.10:80")]
    public void Without_WhatWasAdded_IsTheFileByteForByte(string text)
    {
        var added = new HaproxyPoolLines(text, "web").With(Server)!;
        Assert.NotEqual(text, added);
        Assert.Equal(["em1"], new HaproxyPoolLines(added, "web").Added);
        Assert.Equal(added, new HaproxyPoolLines(added, "web").With(Server));
        Assert.Equal(text, new HaproxyPoolLines(added, "web").Without("em1"));
    }

    [Fact]
    public void Without_LineOfSomebodyElse_LeavesIt()
    {
        Assert.Equal(["web1"], new HaproxyPoolLines(Text, "web").Configured);
        Assert.Equal(Text, new HaproxyPoolLines(Text, "web").Without("web1"));
    }

    [Theory]
    [InlineData("we")]
    [InlineData("web3")]
    [InlineData("maxconn")]
    public void With_NoSuchSection_IsNull(string pool)
    {
        Assert.Null(new HaproxyPoolLines(Text, pool).With(Server));
        Assert.False(new HaproxyPoolLines(Text, pool).Found);
    }

    [Fact]
    public void With_PoolWithoutServers_AddsItInItsSection() =>
        Assert.EndsWith("    balance leastconn\n    server em1 10.0.0.61:8080 check inter 1s weight 100 # lbctl scale-out",
            new HaproxyPoolLines(Text, "empty").With(Server), StringComparison.Ordinal);
}
