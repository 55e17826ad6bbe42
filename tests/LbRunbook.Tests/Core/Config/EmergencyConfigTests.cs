using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class EmergencyConfigTests
{
    [Fact]
    public void Container_IsStartedStoppedAndAskedByItsEngine()
    {
        var loaded = Load("{name: em1, host: 10.0.0.61, port: 80, weight: 50, ssh: {}, container: {engine: podman, name: app}}");
        Assert.Empty(loaded.Problems);
        var backend = Assert.Single(loaded.Fleet!.Pools[0].Emergency);
        Assert.Equal(["podman", "start", "app"], backend.Service.Start!);
        Assert.Equal(["podman", "stop", "app"], backend.Service.Stop!);
        Assert.Equal(["podman", "top", "app"], backend.Service.Status!);
        Assert.Equal((50, true, "10.0.0.61:80"), (backend.Weight, backend.HasService, backend.Address));
    }

    [Theory]
    [InlineData("{name: em1, host: 10.0.0.61, port: 80, service: {name: app}}", "ssh")]
    [InlineData("{name: em1, host: 10.0.0.61, port: 80, ssh: {}, service: {name: app}, container: {name: app}}", "leave one out")]
    [InlineData("{name: em1, host: 10.0.0.61, port: 80, ssh: {}, container: {engine: lxc, name: app}}", "docker, podman")]
    [InlineData("{name: em1, host: 10.0.0.61, port: 80, weight: 0}", "from 1 to 256")]
    [InlineData("{name: em1, host: 10.0.0.61, port: 80, serverOptions: \"ssl;disable server web/web1\"}", "HAProxy server line")]
    [InlineData("{name: web1, host: 10.0.0.61, port: 80}", "there twice")]
    public void Mistake_IsSaid(string item, string said) =>
        Assert.Contains(Load(item).Problems, p => p.IsError && p.Message.Contains(said, StringComparison.Ordinal));

    /// <summary>
    /// One that ends its word, its line or its command there, or takes over what scale-out decides, never reaches a proxy.
    /// </summary>
    [Theory]
    [InlineData("\"ssl\\nserver evil 192.0.2.1:80\"", "allowed:")]
    [InlineData("\"ssl\\r\"", "allowed:")]
    [InlineData("\"ssl\\tverify\"", "allowed:")]
    [InlineData("\"sni str(\\\"a\\\")\"", "allowed:")]
    [InlineData("\"sni str('a')\"", "allowed:")]
    [InlineData("\"ssl; shutdown sessions server web/web1\"", "allowed:")]
    [InlineData("\"ssl # rest\"", "allowed:")]
    [InlineData("\"ca-file $HOME/x\"", "allowed:")]
    [InlineData("\"ca-file a\\\\ b\"", "allowed:")]
    [InlineData("ssl {verify} none", "allowed:")]
    [InlineData("ssl verify none disabled", "'disabled'")]
    [InlineData("Enabled ssl", "'Enabled'")]
    [InlineData("no-check", "waits for its check")]
    [InlineData("ssl weight 200", "use weight:")]
    [InlineData("track web/web1", "its own check")]
    [InlineData("ssl  backup", "no capacity")]
    [InlineData("server evil 192.0.2.1:80", "without")]
    public void ServerOptions_WouldTakeOver_AreRefusedWhereTheyStand(string options, string said)
    {
        var quoted = options[0] == '"' ? options : $"'{options}'";
        var problem = Assert.Single(Load($"{{name: em1, host: 10.0.0.61, port: 80, serverOptions: {quoted}}}").Problems);
        Assert.True(problem.IsError);
        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
        Assert.Equal(("x", 9, 63), (problem.File, problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("ssl verify required ca-file /etc/haproxy/ca.pem sni req.hdr(host)")]
    [InlineData("maxconn 200 inter 5s send-proxy-v2 alpn h2,http/1.1")]
    public void ServerOptions_WordsOfAServerLine_AreTaken(string options) =>
        Assert.Equal(options,
            Load($"{{name: em1, host: 10.0.0.61, port: 80, serverOptions: '{options}'}}").Fleet!.Pools[0].Emergency[0].ServerOptions);

    private static ConfigResult Load(string item) => ConfigLoader.Parse($$"""
        cluster: c
        environment: lab
        nodes:
          - {name: lb1, host: 10.0.0.11, proxy: haproxy}
        pools:
          - name: web
            backends: [{name: web1, host: 10.0.0.21, port: 80}]
            emergency:
              - {{item}}
        """, "x");
}
