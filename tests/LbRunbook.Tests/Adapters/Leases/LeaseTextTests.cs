using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Leases;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Adapters.Leases;

/// <summary>A node's word on its lease is data: whatever it is, it is read or it is "somebody's, unreadable".</summary>
public sealed class LeaseTextTests
{
    private static readonly string Report =
        "result=others\nnow=360000\nboot=b\nreleased=\n==lease==\nformat=1\nid=0123456789abcdef0123456789abcdef\ntoken=17\n"
        + "boot=b\ntaken=350000\nrenewed=359000\nttl=3000\n"
        + LeaseText.Write(SampleLease.Holder("alice")) + "\n";

    [Fact]
    public void Parse_Report_IsWhatTheNodeSaid()
    {
        var lease = LeaseReport.Parse(Report)!.Lease!;
        Assert.Equal((17, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(20), SampleLease.Holder("alice")),
            (lease.Token, lease.HeldFor, lease.ExpiresIn, lease.Holder));
    }

    [Fact]
    public void Read_WhatWasWritten_IsTheSameForAnyHolder() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(string User, string Host, int Pid, string Command)>(), x =>
        {
            var holder = SampleLease.Holder("x", x.Pid & 0x3fffff) with
            {
                User = x.User ?? "",
                Host = x.Host ?? "",
                Command = x.Command ?? "",
            };
            var read = LeaseText.Read(LeaseText.Write(holder))!;
            // Equal where it was plain; else one line all the same, and no key of another's making.
            Assert.Equal(holder.Pid, read.Pid);
            Assert.Equal(LeaseText.Write(holder), LeaseText.Write(read));
            Assert.DoesNotContain('\n', read.Command);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_DamagedReport_IsReadOrUnreadableButNeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int At, int Length, string Insert)>(), damage =>
        {
            var at = (int)((uint)(damage.At * 7919) % (uint)Report.Length);
            var length = Math.Min(Math.Abs(damage.Length % 40), Report.Length - at);
            var reply = LeaseReport.Parse(Report.Remove(at, length).Insert(at, damage.Insert ?? ""));
            if (reply is { State: LeaseState.Others, Lease: { Id: { } id } lease })
            {
                Assert.True(LeaseIds.IsValid(id));
                Assert.True(lease.ExpiresIn >= TimeSpan.Zero && lease.HeldFor >= TimeSpan.Zero);
                Assert.True(lease.Holder is null || lease.Holder.ToString().All(c => c is >= ' ' and <= '~'));
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Parse_ArbitraryText_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            LeaseReport.Parse(text ?? "");
            LeaseReport.Parse("result=others\nnow=1\n==lease==\n" + text);
            LeaseText.Read(text ?? "");
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("pid=4711", "pid=04711")]
    [InlineData("pid=4711", "pid=-1")]
    [InlineData("pid=4711", "pid=99999999999")]
    [InlineData("pid=4711", "pid=4711\npid=4711")]
    [InlineData("pid=4711", "pid")]
    [InlineData("user=alice", "user=al\u001b[2Jice")]
    [InlineData("since=2026-01-02T03:04:05Z", "since=yesterday")]
    public void Read_OneLineIsWrong_IsNoHolder(string line, string instead)
    {
        var text = LeaseText.Write(SampleLease.Holder("alice"));
        Assert.Contains(line, text, StringComparison.Ordinal);
        Assert.Null(LeaseText.Read(text.Replace(line, instead, StringComparison.Ordinal)));
    }
}
