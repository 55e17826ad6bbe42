using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Keepalived;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Keepalived;

/// <summary>A configuration that nobody foresaw must not stop an operator at 3 AM.</summary>
public sealed class KeepalivedPropertyTests
{
    private static readonly string Report = KeepalivedText.Report((KeepalivedText.Main, KeepalivedText.Usual),
        ("/etc/keepalived/x", "include x\n"));

    [Fact]
    public void Read_ArbitraryText_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => All(text ?? "")).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Read_DamagedReport_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, int Length, string Insert)>(), damage =>
        {
            var at = (int)((uint)(damage.At * 7919) % (uint)Report.Length);
            var length = Math.Min(Math.Abs(damage.Length % 50), Report.Length - at);
            All(Report.Remove(at, length).Insert(at, damage.Insert ?? ""));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Read_HostileShapes_NeverThrow()
    {
        foreach (var text in (string[])[
            new('{', 50_000), new('}', 50_000), "include *\ninclude keepalived.conf\n", "$A=$A$A\n$B=${A}\nx $A $B\n",
            "priority 99999999999999999999\n", "vrrp_instance \"\" {\n priority\n advert_int nan\n track_file {\n x weight\n}\n}\n",
            "@ priority 1\n@^ x\n", "vrrp_instance A {\nvirtual_ipaddress {\n/\n//32\n1.2.3.4/x dev\n}\n}\n", "\"\n'\n",
            "track_file {\n}\nvrrp_instance A {\ntrack_file {\nx\n}\n}\n"])
            All(KeepalivedText.Report((KeepalivedText.Main, text)));
    }

    [Fact]
    public void Edit_AnyPriorities_BackToOwnRestoresTheText() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Own, byte First, byte Second, bool Eager)>(), v =>
        {
            var text = KeepalivedText.Usual.Replace("priority 150", $"priority {v.Own}", StringComparison.Ordinal);
            var tree = KeepalivedText.Tree(text);
            foreach (var setting in (VrrpSetting[])[new("VI_1", v.First, v.Eager), new("VI_1", v.Second, !v.Eager),
                new("VI_1", null, false)])
                tree = KeepalivedText.Tree(KeepalivedEditor.Apply(tree, [setting]) is [var file]
                    ? string.Join('\n', file.Lines)
                    : string.Join('\n', tree.Children[0].Words[0].File.Lines));
            Assert.Equal(text, string.Join('\n', tree.Children[0].Words[0].File.Lines));
        }).QuickCheckThrowOnFailure();

    private static void All(string output)
    {
        foreach (var text in (string[])[output, KeepalivedText.Report((KeepalivedText.Main, output))])
        {
            var report = KeepalivedReport.Parse(text);
            var state = KeepalivedReader.Build(report, []);
            foreach (var instance in state?.Instances ?? [])
                _ = (instance.EffectivePriority, instance.Detection);
            foreach (var daemon in report.Daemons)
            {
                try
                {
                    KeepalivedEditor.Apply(KeepalivedConfig.Parse(daemon.Files, "lb1").Top, [new("VI_1", 1, true)]);
                }
                catch (FormatException)
                {
                    // Its way to say no.
                }
            }
        }
    }
}
