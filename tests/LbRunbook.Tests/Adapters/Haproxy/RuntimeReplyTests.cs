using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class RuntimeReplyTests
{
    private static readonly string Real = Recording.Read("runtime.txt");
    private static readonly MasterView NoMaster = new([], new Dictionary<(string, string), long>(), []);

    [Fact]
    public void Parse_RealReply_FindsEveryPart()
    {
        var reply = RuntimeReply.Parse(Real);

        Assert.Equal("admin", reply.Level);
        Assert.Equal("2.6.12-1+deb12u4", reply.Info!.Version);
        Assert.Equal(9976, reply.Info.MaxConnections);
        Assert.True(reply.Info.Complete && reply.Stat!.Complete && reply.Servers!.Complete);
        Assert.Equal(["public", "tcpin"], reply.Stat.Frontends.Select(f => f.Proxy));
        Assert.Equal(9, reply.Stat.Servers.Count());
        Assert.False(reply.Denied);
    }

    [Fact]
    public void Build_RealReply_GivesEveryServer()
    {
        var state = HaproxyState.Build(RuntimeReply.Parse(Real), NoMaster, "/s");

        Assert.Equal(
            [
                "web1 Drain Up 10/10 mask 8 127.0.0.1:28490 rot=False L7OK/200 in 0ms",
                "web2 Ready Down 20/20 mask 0 127.0.0.1:28491 rot=False L4CON in 0ms: Connection refused",
                "web3 Ready Up 0/1 mask 0 127.0.0.1:28492 rot=False L7OK/200 in 0ms",
                "off Maint Unknown 1/1 mask 5 127.0.0.1:28490 rot=False ",
                "nochk Ready NoCheck 1/1 mask 0 127.0.0.1:28490 rot=True ",
                "follows Drain Up 1/1 mask 16 127.0.0.1:28490 rot=False ",
                "t1 Maint Unknown 1/1 mask 1 127.0.0.1:28493 rot=False ",
                "v6 Ready NoCheck 1/1 mask 0 [::1]:28490 rot=True ",
                "nm Ready Unknown 1/1 mask 32 nosuchhost.invalid:80 rot=False ",
            ],
            state.Servers.Select(s =>
                $"{s.Server} {s.Admin} {s.Health} {s.Weight}/{s.InitialWeight} mask {s.AdminMask} {s.Address} "
                    + $"rot={s.InRotation} {s.LastCheck}"));
        Assert.Equal(["web3"], state.Servers.Where(s => s.Backup).Select(s => s.Server));
        Assert.Empty(state.Notes);
    }

    [Fact]
    public void Build_OldWorkersSessions_AreAdded()
    {
        var master = NoMaster with
        {
            OldWorkers = [7],
            Sessions = new Dictionary<(string, string),
            long> { [("web_backend", "web1")] = 3 },
        };

        var state = HaproxyState.Build(RuntimeReply.Parse(Real), master, "/s");

        Assert.Equal(3, state.Servers.Single(s => s.Server == "web1").CurrentSessions);
        Assert.Equal(3, state.Servers.Sum(s => s.CurrentSessions));
    }

    [Fact]
    public void Parse_ServersStateDenied_ReadsTheRestAndNotes()
    {
        var text = Real[..Real.IndexOf("\n1\n# be_id", StringComparison.Ordinal)] + "\nPermission denied\n\n";

        var state = HaproxyState.Build(RuntimeReply.Parse(text), NoMaster, "/s");

        Assert.Equal(AdminState.Drain, state.Servers[0].Admin);
        Assert.Null(state.Servers[0].AdminMask);
        Assert.Equal((0, 1), (state.Servers[2].Weight, state.Servers[3].Weight));
        Assert.Contains("show servers state was not answered", Assert.Single(state.Notes));
    }

    [Fact]
    public void Parse_ReorderedColumnsQuotesAndSocketRows_AreReadByName()
    {
        const string Text = "# pxname,svname,type,status,-,last_chk,check_status,scur,\n" +
            "web,s1,2,UP 2/3,-,\"a \"\"b\"\", c\x1b[31m\",* L7OK,4,\n" +
            "web,sock-1,3,OPEN,-,,,9,\n\n";

        var stat = ShowStat.Parse(Text);

        var row = Assert.Single(stat.Servers);
        Assert.Equal(("UP 2/3", 4L), (row.Status, row.Number("scur")));
        Assert.Equal("L7OK: a \"b\", c [31m", row.LastCheck);
        Assert.True(stat.Complete);
    }

    [Fact]
    public void Parse_ShowProc_TellsOldWorkersAndFailures()
    {
        var processes = ShowProc.Parse(Recording.Read("show-proc.txt"))!;

        Assert.Equal([2156], processes.Workers);
        Assert.Equal([2084], processes.OldWorkers);
        Assert.Equal(1, processes.FailedReloads);
        Assert.Null(ShowProc.Parse("Unknown command\n"));
    }
}
