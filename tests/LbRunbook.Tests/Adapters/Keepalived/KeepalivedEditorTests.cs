using LbRunbook.Adapters.Keepalived;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Keepalived;

public sealed class KeepalivedEditorTests
{
    private static string Edit(string text, params VrrpSetting[] settings) =>
        KeepalivedEditor.Apply(KeepalivedText.Tree(text), settings) is [var file] ? string.Join('\n', file.Lines) : text;

    [Fact]
    public void Apply_PriorityAndEager_ChangesThreeLinesAndSaysWhatTheyWere()
    {
        var edited = Edit(KeepalivedText.Usual, new VrrpSetting("VI_1", 99, Eager: true));
        var changed = edited.Split('\n').Except(KeepalivedText.Usual.Split('\n'));
        Assert.Equal(["    priority 99 # lbctl: was 150    ! the better one", "    # lbctl: nopreempt",
            "    # lbctl: preempt_delay 30 # seconds"], changed);
        var seen = KeepalivedText.Read(edited).Instances[0];
        Assert.Equal((99, 150, true, true, 30.0),
            (seen.Priority, seen.OriginalPriority, seen.Eager, seen.NoPreempt, seen.PreemptDelaySeconds));
    }

    [Fact]
    public void Apply_BackToItsOwn_IsTheFirstTextToTheByte()
    {
        var once = Edit(KeepalivedText.Usual, new VrrpSetting("VI_1", 99, Eager: true));
        var twice = Edit(once, new VrrpSetting("VI_1", 42, Eager: false));
        Assert.Contains("priority 42 # lbctl: was 150    ! the better one", twice, StringComparison.Ordinal);
        Assert.Equal(KeepalivedText.Usual, Edit(twice, new VrrpSetting("VI_1", null, Eager: false)));
        Assert.Equal(KeepalivedText.Usual, Edit(once, new VrrpSetting("VI_1", 150, Eager: false)));
    }

    [Fact]
    public void Apply_SecondInstance_LeavesTheFirstAlone()
    {
        const string Text = "vrrp_instance A {\n priority 150\n}\nvrrp_instance B {\n priority 150\n}";
        Assert.Equal("vrrp_instance A {\n priority 150\n}\nvrrp_instance B {\n priority 7 # lbctl: was 150\n}",
            Edit(Text, new VrrpSetting("B", 7, Eager: false)));
    }

    [Theory]
    [InlineData("vrrp_instance A { priority 150 }", "alone on its line")]
    [InlineData("vrrp_instance A {\n priority $P\n}", "alone on its line")]
    [InlineData("vrrp_instance A {\n}", "no priority line")]
    [InlineData("vrrp_instance Z {\n priority 1\n}", "no vrrp_instance A")]
    public void Apply_NoSafePlace_SaysWhyAndChangesNothing(string text, string why) =>
        Assert.Contains(why, Assert.Throws<FormatException>(() => Edit(text, new VrrpSetting("A", 99, Eager: false))).Message,
            StringComparison.Ordinal);
}
