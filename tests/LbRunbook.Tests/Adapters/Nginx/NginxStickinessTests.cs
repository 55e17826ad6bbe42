using LbRunbook.Adapters.Nginx;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Nginx;

public sealed class NginxStickinessTests
{
    [Theory]
    [InlineData("ip_hash;", "ip_hash")]
    [InlineData("hash $remote_addr consistent;", "hash $remote_addr")]
    [InlineData("sticky cookie srv_id expires=1h;", "sticky cookie srv_id")]
    [InlineData("hash $request_uri;", null)]
    [InlineData("least_conn;", null)]
    public void Of_Upstream_NamesWhatKeepsClients(string directive, string? by) =>
        Assert.Equal(by is null ? [] : [by], Of(directive, "proxy_pass http://web;").By);

    [Theory]
    [InlineData("proxy_next_upstream off; proxy_pass http://web;", "", true, true)]
    [InlineData("proxy_next_upstream off; proxy_pass http://web/app/;", "max_fails=0", true, false)]
    [InlineData("proxy_next_upstream error timeout; proxy_pass http://web;", "", false, false)]
    [InlineData("proxy_next_upstream off; proxy_pass http://other;", "", false, false)]
    [InlineData("proxy_next_upstream off; location /x { proxy_next_upstream error; proxy_pass http://web; }", "", false, false)]
    [InlineData("proxy_next_upstream off; location /x { proxy_pass http://web; }", "", true, true)]
    public void Of_NextUpstreamOff_IsADeadEnd(string location, string server, bool dead, bool untilNoticed)
    {
        var sticky = Of("ip_hash;", location, server);
        Assert.Equal((dead, untilNoticed), (sticky.DeadEnd is not null, sticky.UntilNoticed));
    }

    private static PoolStickiness Of(string directive, string location, string server = "") =>
        Assert.Single(NginxStickiness.Of(NginxConfig.Parse(
        $"http {{ upstream web {{ {directive} server 10.0.1.11:80 {server}; server 10.0.1.12:80; }} server {{ "
            + $"location / {{ {location} }} }} }}")));
}
