using LbRunbook.Adapters.Keepalived;
using Xunit;

namespace LbRunbook.Tests.Adapters.Keepalived;

/// <summary>The language of keepalived.conf(5), "ADVANCED CONFIGURATION".</summary>
public sealed class KeepalivedLanguageTests
{
    [Theory]
    // Predefined.
    [InlineData("a ${_PWD}/x", "a /etc/keepalived/x")]
    [InlineData("a ${_INSTANCE}", "a lb1")]
    // A name without braces ends at a space; what nobody defined stays.
    [InlineData("$X=1\na $X b $XY ${X}2", "a 1 b $XY 12")]
    [InlineData("a ${UNKNOWN}", "a ${UNKNOWN}")]
    // Filled in when it is used, not when it is defined.
    [InlineData("$A=10.${B}\n$B=0\na ${A}.1\n$B=7\na ${A}.1", "a 10.0.1|a 10.7.1")]
    // Conditions, also in a parameter and before a definition.
    [InlineData("@lb1 a\n@lb2 b\n@^lb1 c\n@^lb2 d", "a|d")]
    [InlineData("$IF=@lb2\n$IF a\n@lb1 $P=1\n@lb2 $P=2\nb $P", "b 1")]
    // Definitions of many lines, also within each other.
    [InlineData("$I= \\\na ${N} \\\n@lb2 b \\\nc\n$N=1\n$I\n$N=2\n$I", "a 1|c|a 2|c")]
    [InlineData("$R= \\\nr ${N} \\\ns\n$V= \\\nv \\\n$N=1 \\\n$R \\\n$N=2 \\\n$R\n$V", "v|r 1|s|r 2|s")]
    // Only a definition goes on after a backslash.
    [InlineData("a \\\nb", "a \\|b")]
    [InlineData("~SEQ(X, 1, 3) a ${X}", "a 1|a 2|a 3")]
    [InlineData("~SEQ(X, 4, -2, 0) a ${X}", "a 4|a 2|a 0")]
    [InlineData("~SEQx(X, 0x90, 0x10, 0xb0) a ${X}", "a 90|a a0|a b0")]
    [InlineData("~SEQ(A, 2) ~SEQ(B,1,2) a ${A}.${B}", "a 1.1|a 1.2|a 2.1|a 2.2")]
    [InlineData("~LST(X, 7, 9) a ${X}", "a 7|a 9")]
    [InlineData("~LST({X, Y}, {10,1},{20,4}) a ${X}.${Y}", "a 10.1|a 20.4")]
    // Itself.
    [InlineData("$A=${A}\nb ${A}\nc", "c")]
    [InlineData("a # b ! c\n! d\n\"x#y\" # z", "a|\"x#y\"")]
    public void Lines_AsTheManualHasThem_AreWhatTheDaemonSees(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', Of(text).Select(l => l.Text).Where(t => t.Length > 0)));

    [Fact]
    public void Lines_OfADefinition_MayNotBeEditedThere()
    {
        var seen = KeepalivedText
            .Read("$I= \\\nvrrp_instance ${N} { \\\n priority 150 \\\n virtual_ipaddress { 10.0.0.100 } \\\n}\n$N=A\n$I\n$N=B\n$I");

        Assert.Equal(["A", "B"], seen.Instances.Select(i => i.Name));
        Assert.All(seen.Instances, i => Assert.Contains("comes from a definition", i.EditProblem, StringComparison.Ordinal));
        Assert.All(seen.Instances, i => Assert.Equal(150, i.Priority));
    }

    [Fact]
    public void Lines_SequenceWithoutEnd_IsBounded() =>
        Assert.InRange(Of("~SEQ(A,1,1000000) ~SEQ(B,1,1000000) a").Count(), 1, 100_000);

    [Theory]
    [InlineData("include ${_PWD}/conf.d/*.conf")]
    [InlineData("$D=conf\ninclude ${D}.d/*.conf")]
    [InlineData("@lb1 include conf.d/*.conf")]
    [InlineData("include conf.{x,d}/{a,b}.conf")]
    public void Read_IncludeWithParameters_IsFollowed(string include)
    {
        var seen = KeepalivedText.Read(include, ("/etc/keepalived/conf.d/a.conf", "vrrp_instance A {\n}"));

        Assert.Equal("A", Assert.Single(seen.Instances).Name);
        Assert.Null(seen.Error);
    }

    [Fact]
    public void Read_IncludeThatNobodyKnows_IsNotNothing() =>
        Assert.Contains("${NOBODY}", KeepalivedText.Read("include ${NOBODY}/x.conf").Error, StringComparison.Ordinal);

    [Fact]
    public void Read_TwoDaemons_AreOneStateAndTheForeignOneIsNamed()
    {
        var seen = KeepalivedReader.Build(KeepalivedReport.Parse("""
            ==daemon== 32 
            ==process== 32 1 S
            ==id== lb1
            ==config== /etc/keepalived/keepalived.conf
            ==edit==
            ==file== 0 /etc/keepalived/keepalived.conf
            |vrrp_instance A {
            |}
            ==daemon== 90 containerd-shim
            ==process== 90 77 S
            ==id== lb1
            ==config== /opt/ka.conf
            ==root== /proc/90/root
            ==file== 0 /opt/ka.conf
            |vrrp_instance B {
            |}
            """), [])!;

        Assert.Equal(["A", "B"], seen.Instances.Select(i => i.Name));
        Assert.Equal("containerd-shim (process 90)", seen.RunBy);
        Assert.False(seen.MayEdit);
    }

    [Fact]
    public void Read_ProcessThatMayNotBeSeen_RunsAndOwnsWhatIsNotKnown()
    {
        var seen = KeepalivedReader.Build(KeepalivedReport.Parse("==unseen== 90\n==id== lb1\n==config== /etc/keepalived/keepalived.conf"),
            [])!;

        Assert.True(seen.Runs);
        Assert.Contains("process 90", seen.Error, StringComparison.Ordinal);
    }

    private static IEnumerable<KeepalivedLine> Of(string text) => new KeepalivedLines("lb1").Of(new(KeepalivedText.Main, text.Split('\n')));
}
