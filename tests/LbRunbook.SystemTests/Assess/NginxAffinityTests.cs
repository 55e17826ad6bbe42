using LbRunbook.Core.Diagnosis;
using LbRunbook.Engine.History;
using LbRunbook.SystemTests.Backends;
using LbRunbook.SystemTests.Support;
using Xunit;
using static LbRunbook.SystemTests.Assess.AffinityLook;

namespace LbRunbook.SystemTests.Assess;

public sealed class NginxAffinityTests(NginxLab lab) : IClassFixture<NginxLab>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lbctl-affinity-").FullName;

    [Fact]
    public async Task Affinity_IpHash_IsMeasuredWithAndWithoutIt()
    {
        lab.Require();
        var config = Promise(lab, _folder, "source: true");
        Assert.Contains("no node has a cookie, stick rule or hash", (string?)Finding(await AssessAsync(config), "AffinityBroken", "web")["message"]);

        foreach (var node in (string[])["lb1", "lb2"])
            await lab.ExecAsync(node, "sh", "-c", "sed -i 's/zone web 256k;/& ip_hash;/' /etc/nginx/nginx.conf && systemctl reload nginx");

        Kept(await AssessAsync(config), 3);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
    }
}
