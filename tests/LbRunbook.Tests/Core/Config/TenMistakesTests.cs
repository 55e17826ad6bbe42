using LbRunbook.Core.Config;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class TenMistakesTests
{
    private const string TenMistakes = """
        cluster: web prod
        environment: prod
        nodes:
          - name: lb1
            host: 10.0.0.256
            proxy: haproxy
            prioritty: 150
          - name: lb1
            host: -oProxyCommand=reboot
            proxy: haproxy
        vips:
          - {name: public, address: 10.0.0.100/33}
        pools:
          - name: web
            health: {type: http, timeout: 2 seconds}
            backends:
              - {name: web1, host: 10.0.1.10, port: 80800}
        backends:
          - {name: web2, host: 10.0.1.11, port: 8080, pool: wbe}
        """;

    [Fact]
    public void Parse_TenMistakes_ReportsEachWithItsPosition()
    {
        var result = ConfigLoader.Parse(TenMistakes, "/etc/lbctl/config.yaml");
        Assert.Null(result.Fleet);
        Assert.Equal(10, result.Problems.Count);
        Golden.Verify(string.Join('\n', result.Problems), "TenMistakes");
    }
}
