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
        Assert.Contains("no node has a cookie, stick rule or hash",
            (string?)Finding(await AssessAsync(config), "AffinityBroken", "web")["message"]);

        foreach (var node in (string[])["lb1", "lb2"])
            Assert.True((await lab.ExecAsync(node, "sh", "-c", UseIpHash)).Ok, node);

        Kept(await AssessAsync(config), 3);
    }

    /// <summary>
    /// A reload is over when no worker of before accepts a connection any more: it has ended, or says that it is shutting down.
    /// </summary>
    private const string UseIpHash = """
        old=$(pgrep -f '^nginx: worker process$')
        sed -i 's/zone web 256k;/& ip_hash;/' /etc/nginx/nginx.conf && systemctl reload nginx || exit 1
        for worker in $old; do
            for _ in $(seq 100); do
                tr -d '\0' 2>/dev/null <"/proc/$worker/cmdline" | grep -qx 'nginx: worker process' || continue 2
                sleep 0.05
            done
            exit 2
        done
        """;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
    }
}
