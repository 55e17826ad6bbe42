using LbRunbook.Cli.Output;
using LbRunbook.Cli.Verbs.Assess;
using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Assess;

/// <summary>Servers that the proxies have and the pool's own list has not: scale-out's, and others.</summary>
public sealed class AddedServersTests
{
    private static readonly Pool s_pool = Sample.Fleet.Pools[0] with
    {
        Emergency = [new() { Name = "em1", Host = "10.0.2.10", Port = 8080, Pool = "web" }],
    };

    private static readonly Observation s_seen = Sample.Healthy
        .With("lb1", n => n with { Proxy = n.Proxy! with { Servers = [.. n.Proxy.Servers,
            Sample.Server("by-hand") with { Address = "10.0.9.9:80" }, Sample.Server("em1")] } })
        // nginx knows addresses only.
        .With("lb2", n => n with { Proxy = n.Proxy! with { Servers = [.. n.Proxy.Servers,
            Sample.Server("10.0.2.10:8080", admin: AdminState.Drain, status: "DRAIN")] } });

    [Fact]
    public void In_EmergencyAndUnknownServers_AreOneEachWithEveryNodesWord()
    {
        var added = AddedServer.In(s_pool, s_seen);
        Assert.Equal([("em1", "10.0.2.10:8080", true, "lb1 UP, lb2 DRAIN"), ("by-hand", "10.0.9.9:80", false, "lb1 UP")],
            added.Select(a => (a.Seen.Backend, a.Address, a.Emergency is not null,
                string.Join(", ", a.Seen.OnProxies.Select(p => $"{p.Key} {p.Value.Status}")))));
    }

    [Fact]
    public void In_OwnServersOnly_IsEmpty() => Assert.Empty(AddedServer.In(s_pool, Sample.Healthy));

    [Fact]
    public void Table_AddedServer_HasItsLine()
    {
        using var writer = new StringWriter();
        new HumanAssessView(w => Screen.Of(w, colour: false, terminal: false, 120),
            NextCommand.None).Write(Assessment.Of(Sample.Fleet with { Pools = [s_pool] }, s_seen), writer);
        Assert.Matches(@"\+ em1 +10\.0\.2\.10:8080 +UP +DRAIN +8", writer.ToString());
        Assert.Contains("100 % of backends healthy", writer.ToString(), StringComparison.Ordinal);
    }
}
