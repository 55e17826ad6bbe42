using LbRunbook.Adapters.Nginx;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

public sealed class NginxMembersEditTests
{
    private static readonly NewServer Server = new(new("web", "10.0.0.61:8080"), "10.0.0.61:8080", 100, 10, "check");

    [Theory]
    [InlineData("http {\n    upstream web {\n        server 10.0.0.6:8080 weight=7 max_fails=3 max_conns=9 fail_timeout=2s backup; # "
        + "ours\n        keepalive 32;\n    }\n}\n", "        ", " max_fails=3 fail_timeout=2s")]
    [InlineData("http { upstream web {\n server a:1;\n\tserver b:2\n weight=3;\n}}\n", "\t", "")]
    [InlineData("http { upstream web { server a:1;\n}}\n", "    ", "")]
    public void AddThenRemove_IsTheFileByteForByte(string text, string indent, string patience)
    {
        var (_, added) = Assert.Single(NginxMembersEdit.Add(Files(text), Server));
        Assert.Equal(indent + $"server 10.0.0.61:8080 weight=10{patience} down; # lbctl scale-out",
            Assert.Single(added.Split('\n').Except(text.Split('\n'))));
        Assert.Contains(("10.0.0.61:8080", true), NginxMembersEdit.Lines(Files(added), "web")!);
        Assert.Empty(NginxMembersEdit.Add(Files(added), Server));
        Assert.Equal(text, Assert.Single(NginxMembersEdit.Remove(Files(added), Server.Name)).Text);
    }

    [Fact]
    public void Add_UpstreamOnOneLine_IsRefused() =>
        // The rest of the line would be in the comment.
        Assert.Throws<FormatException>(() => NginxMembersEdit.Add(Files("http {\nupstream web { server a:1; }\n}\n"), Server));

    [Fact]
    public void Added_ReadyAndAtFullWeight_IsStillOurs()
    {
        const string Text = "http {\n upstream web {\n  server a:1;\n }\n}\n";
        var text = NginxMembersEdit.Add(Files(Text), Server)[0].Text;
        text = NginxUpstreamEdit.SetDown(Files(text), Server.Name, down: false)[0].Text;
        text = NginxUpstreamEdit.SetWeight(Files(text), Server.Name, 100)[0].Text;
        Assert.Contains("  server 10.0.0.61:8080 weight=100; # lbctl scale-out\n", text, StringComparison.Ordinal);
        Assert.Equal(Text, NginxMembersEdit.Remove(Files(text), Server.Name)[0].Text);
    }

    [Fact]
    public void Remove_LineOfSomebodyElse_IsRefused()
    {
        const string Text = "http {\n upstream web {\n  server a:1;\n  server 10.0.0.61:8080;\n }\n}\n";
        Assert.Throws<FormatException>(() => NginxMembersEdit.Remove(Files(Text), Server.Name));
        Assert.Empty(NginxMembersEdit.Remove(Files(Text), new("web", "10.0.0.6:8080")));
    }

    [Fact]
    public void Add_NoSuchUpstream_IsRefused()
    {
        var files = Files("http {\n upstream other {\n  server a:1;\n }\n}\n");
        Assert.Throws<FormatException>(() => NginxMembersEdit.Add(files, Server));
        Assert.Null(NginxMembersEdit.Lines(files, "web"));
    }

    private static IReadOnlyList<NginxFile> Files(string text) => NginxDump.Files($"# configuration file /etc/nginx/nginx.conf:\n{text}\n");
}
