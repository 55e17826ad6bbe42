using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class HaproxyBalancingTests
{
    /// <summary>The words are those of HAProxy 2.6: it calls <c>random</c> "unknown".</summary>
    [Theory]
    [InlineData("roundrobin", true)]
    [InlineData("leastconn", true)]
    [InlineData("first", true)]
    [InlineData("unknown", true)]
    [InlineData("static-rr", false)]
    [InlineData("source", false)]
    [InlineData("uri", false)]
    [InlineData("url_param", false)]
    [InlineData("hdr", false)]
    [InlineData("rdp-cookie", false)]
    [InlineData("hash", false)]
    public void Of_AnAlgorithm_TakesStepsOrNot(string algorithm, bool steps)
    {
        var stat = ShowStat.Parse($"# pxname,svname,type,algo,\nweb,BACKEND,1,{algorithm},\n\n");
        Assert.Equal(new PoolBalancing("web", algorithm, steps), HaproxyBalancing.Of(Assert.Single(stat.Backends)));
    }

    [Theory]
    [InlineData("backend web|hash-type consistent", true)]
    [InlineData("defaults|hash-type consistent|backend web", true)]
    [InlineData("defaults|hash-type consistent|backend web|hash-type map-based", false)]
    [InlineData("backend other|hash-type consistent|backend web", false)]
    [InlineData("", false)]
    public void Complete_AHash_TakesStepsWhereTheFileSaysConsistent(string lines, bool steps)
    {
        var proxy = new ProxyState { Kind = ProxyKind.Haproxy, Answers = true, Balancing = [new("web", "source", false)] };
        Assert.Equal(steps, HaproxyBalancing.Complete(proxy, lines.Split('|')).Balancing[0].TakesSteps);
    }

    [Fact]
    public void Complete_StaticRoundRobin_IsNoHash()
    {
        var proxy = new ProxyState { Kind = ProxyKind.Haproxy, Answers = true, Balancing = [new("web", "static-rr", false)] };
        Assert.False(HaproxyBalancing.Complete(proxy, ["backend web", "hash-type consistent"]).Balancing[0].TakesSteps);
    }

    /// <summary>As HAProxy 2.6.12 prints them: a template, a name, places to be filled later, agents that speak or do not.</summary>
    [Fact]
    public void Build_SlotsAndAgents_AreTold()
    {
        const string Stat = "# pxname,svname,type,status,addr,\n" +
            "w,t1,2,MAINT (resolution),,\nw,t2,2,UP,10.0.1.2:8080,\nw,named,2,MAINT (resolution),,\nw,slot,2,MAINT,0.0.0.0:0,\n" +
            "w,slot6,2,MAINT,[::]:80,\nw,a1,2,UP,10.0.1.5:8080,\nw,a2,2,UP,10.0.1.6:8080,\nw,a3,2,UP,10.0.1.7:8080,\n" +
            "w,i1,2,MAINT (resolution),,\nw,i2,2,MAINT (resolution),,\n\n";
        const string State = "1\n# be_id be_name srv_id srv_name srv_addr srv_admin_state srv_agent_state srv_fqdn srv_port srvrecord\n" +
            "2 w 1 t1 - 32 0 all.invalid 8080 -\n2 w 2 t2 10.0.1.2 0 0 all.invalid 8080 -\n2 w 3 named - 32 0 named.invalid 8080 -\n" +
            "2 w 4 slot 0.0.0.0 5 0 - 0 -\n2 w 5 slot6 :: 5 0 - 80 -\n2 w 6 a1 10.0.1.5 0 22 - 8080 -\n2 w 7 a2 10.0.1.6 0 18 - 8080 -\n" +
            "2 w 8 a3 10.0.1.7 0 19 - 8080 _w._tcp.invalid\n2 w 9 i1 - 32 0 one.invalid 8080 -\n" +
            "2 w 10 i2 - 32 0 one.invalid 8081 -\n\n";
        var reply = RuntimeReply.Parse("admin\n\nName: HAProxy\nPid: 1\n\n" + Stat + State);
        var state = HaproxyState.Build(reply, new([], new Dictionary<(string, string), long>(), []), "/s");
        Assert.Equal(
            [
                "t1 slot nowhere agent ", "t2 slot  agent ", "named  nowhere agent ", "slot slot nowhere agent ",
                "slot6 slot nowhere agent ", "a1   agent True", "a2   agent False", "a3 slot  agent True",
                "i1  nowhere agent ", "i2  nowhere agent ",
            ],
            state.Servers.Select(s => $"{s.Server} {(s.IsSlot ? "slot" : "")} {(s.HasNoAddress ? "nowhere" : "")} agent {s.AgentSpeaks}"));
    }
}
