using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Config;

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
