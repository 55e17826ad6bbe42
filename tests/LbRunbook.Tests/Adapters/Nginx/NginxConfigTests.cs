using LbRunbook.Adapters.Nginx;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

public sealed class NginxConfigTests
{
    [Theory]
    [InlineData("a b;", "a b")]
    [InlineData("a 'b c' \"d;e\";", "a|b c|d;e")]
    [InlineData("a b#c d; # e;\nf;", "a b#c d / f")]
    [InlineData("a { b c; } d;", "a{b c} / d")]
    [InlineData("a{b c;}d;", "a{b c} / d")]
    [InlineData("set $x ${y}z;", "set $x ${y}z")]
    [InlineData("location ~ \\.php$ { x; }", "location ~ \\.php${x}")]
    [InlineData("a \"b\\\"c\";", "a b\"c")]
    [InlineData("a it's;", "a it's")]
    [InlineData("} a;", "a")]
    [InlineData("a { b", "a{}")]
    public void Parse_Text_GivesTheDirectives(string text, string expected) =>
        Assert.Equal(expected.Replace('|', ' '), Show(NginxConfig.Parse(text)));

    [Fact]
    public void ParseDump_Includes_ArePutInPlace()
    {
        const string Text = """
            # configuration file /etc/nginx/nginx.conf:
            http { include conf.d/*.conf; include mime.types; }
            # configuration file /etc/nginx/conf.d/a.conf:
            upstream web { include servers/web; }
            # configuration file /etc/nginx/servers/web:
            server 10.0.1.10:8080;
            # configuration file /etc/nginx/conf.d/deep/b.conf:
            never;
            # configuration file /etc/nginx/mime.types:
            types { }
            """;

        Assert.Equal("http{upstream web{server 10.0.1.10:8080} / types{}}", Show(NginxDump.Parse(Text)));
    }

    [Fact]
    public void ParseDump_CyclicInclude_Ends()
    {
        var result = NginxDump.Parse("# configuration file /a:\ninclude /a; x;\n");

        Assert.NotEmpty(result);
    }

    private static string Show(IReadOnlyList<NginxDirective> directives) => string.Join(" / ", directives.Select(d =>
        string.Join(' ', d.Words) + (d.IsBlock ? $"{{{Show(d.Children)}}}" : "")));
}
