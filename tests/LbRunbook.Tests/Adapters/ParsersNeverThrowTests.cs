using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Haproxy;
using LbRunbook.Adapters.Nginx;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters;

/// <summary>A broken daemon must not become a broken assessment.</summary>
public sealed class ParsersNeverThrowTests
{
    private static readonly string Runtime = Recording.Read("../Haproxy/Recordings/runtime.txt");
    private static readonly string Processes = Recording.Read("../Haproxy/Recordings/show-proc.txt");
    private static readonly string Report = Recording.Read("../Nginx/Recordings/report.txt");
    private static readonly MasterView NoMaster = new([], new Dictionary<(string, string), long>(), []);

    private static readonly Node Node = new() { Name = "lb1", Host = "192.0.2.1", Proxy = ProxyKind.Nginx };

    [Fact]
    public void Parse_ArbitraryText_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => ParseAll(text ?? "")).QuickCheckThrowOnFailure();

    /// <summary>Random text hardly gets past the first line: real replies with damage do.</summary>
    [Fact]
    public void Parse_DamagedReply_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, int Length, string Insert, int Which)>(), damage =>
        {
            var real = (damage.Which & 3) switch { 0 => Runtime, 1 => Processes, _ => Report };
            var at = (int)((uint)(damage.At * 7919) % (uint)real.Length);
            var length = Math.Min(Math.Abs(damage.Length % 50), real.Length - at);
            ParseAll(real.Remove(at, length).Insert(at, damage.Insert ?? ""));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Parse_HostileShapes_NeverThrow()
    {
        foreach (var text in (string[])[
            new('{', 100_000), new('}', 100_000), "a " + new string('"', 100_001), "\\", "# configuration file :", "# pxname,\n\n",
            "1\n# be_id \n\n",
            "Name: HAProxy\nPid: 99999999999999999999\nUptime_sec: 9223372036854775807\n\n# pxname,svname\n,,\n\n",
            "# pxname,svname,type,weight,scur\nweb,a,2,99999999999,9223372036854775807\n\n",
            string.Concat(Enumerable.Repeat("# configuration file /a:\ninclude /*; include /*;\n", 3))])
            ParseAll(text);
    }

    private static void ParseAll(string text)
    {
        var reply = RuntimeReply.Parse(text);
        if (reply is { Info: not null, Stat: not null })
            HaproxyState.Build(reply, NoMaster, "/s");
        ShowStat.Parse(text);
        ShowInfo.Parse(text);
        ShowServersState.Parse(text);
        ShowProc.Parse(text);
        HaproxyReply.Parse(text);
        NginxState.Build(Node, NginxChoice.Of(Node, NginxProcesses.Parse(text)), NginxReport.Parse(text));
        NginxArguments.Of(text);
        StubStatus.Parse(text);
        NginxUpstreams.Servers(NginxDump.Parse(text), new Dictionary<string, int>());
        NginxUpstreams.Servers(NginxConfig.Parse(text), new Dictionary<string, int>());
    }
}
