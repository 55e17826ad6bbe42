using LbRunbook.Adapters.Nginx;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

public sealed class NginxClosingTests
{
    private const string File = "/run/nginx.closing";

    [Theory]
    [InlineData("http { server { location / { if (-f /run/nginx.closing) { return 418; } proxy_pass http://web; } } }", true, true)]
    [InlineData("http { server { if ( -f \"/run/nginx.closing\" ) { set $a b; } location / { location /x { grpc_pass web; } } } }",
        true, true)]
    [InlineData("http { server { if (-f /run/nginx.closing2) { set $a b; } location / { proxy_pass http://web; } } }", false, false)]
    [InlineData("http { server { if (!-f /run/nginx.closing) { set $a b; } location / { proxy_pass http://web; } } }", false, false)]
    [InlineData("http { server { location / { proxy_pass http://web; } } }", false, false)]
    [InlineData("http { server { if (-f /run/nginx.closing) { set $a b; } fastcgi_pass php; } server { proxy_pass http://web; } }",
        true, false)]
    [InlineData("http { server { if (-f /run/nginx.closing) { set $a b; } fastcgi_pass php; } server { stub_status; } }", true, true)]
    [InlineData("http { server { stub_status; } }", false, null)]
    [InlineData("stream { server { proxy_pass web; } }", false, null)]
    public void Asks_Configuration_IsRecognised(string text, bool some, bool? all)
    {
        var configuration = NginxConfig.Parse(text);

        Assert.Equal((some, all), (NginxClosing.Asks(configuration, File), NginxClosing.AllAsk(configuration, File)));
    }

    [Fact]
    public void Asks_NoCloseFile_IsNo()
    {
        var configuration = NginxConfig.Parse("http { server { if (-f /run/nginx.closing) { set $a b; } proxy_pass http://web; } }");

        Assert.Equal((false, false), (NginxClosing.Asks(configuration, null), NginxClosing.AllAsk(configuration, null)));
    }
}
