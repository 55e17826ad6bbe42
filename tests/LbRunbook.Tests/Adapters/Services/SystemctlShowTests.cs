using LbRunbook.Adapters.Services;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Services;

public sealed class SystemctlShowTests
{
    [Theory]
    [InlineData("loaded", "active", "running", "enabled", 812, true, true, "running")]
    [InlineData("loaded", "reloading", "reload", "enabled", 812, true, true, "reload")]
    [InlineData("loaded", "activating", "auto-restart", "enabled", 0, false, true, "auto-restart")]
    [InlineData("loaded", "activating", "start", "enabled", 812, false, true, "start")]
    [InlineData("loaded", "failed", "failed", "disabled", 0, false, false, "failed")]
    [InlineData("loaded", "inactive", "dead", "enabled-runtime", 0, false, false, "dead")]
    [InlineData("loaded", "active", "running", "static", 812, true, null, "running")]
    [InlineData("loaded", "active", "running", "generated", 812, true, null, "running")]
    [InlineData("masked", "inactive", "dead", "masked", 0, false, false, "masked")]
    [InlineData("masked", "active", "running", "masked-runtime", 812, true, false, "running")]
    [InlineData("not-found", "inactive", "dead", "", 0, false, null, "not-found")]
    public void State_OfUnit_IsWhatItMeansTonight(
        string load, string active, string sub, string file, int pid, bool isActive, bool? enabled, string said)
    {
        var output = $"MainPID={pid}\nResult=success\nLoadState={load}\nActiveState={active}\nSubState={sub}\nUnitFileState={file}\n";

        Assert.Equal(new ServiceState(isActive, enabled, said, pid), SystemctlShow.Parse(output).State);
    }

    [Fact]
    public void Parse_StartLimit_IsSeen() =>
        Assert.True(SystemctlShow.Parse("LoadState=loaded\nResult=start-limit-hit\n").HitStartLimit);

    [Fact]
    public void Pick_SystemdSpeaksLast_IsTheServicesOwnLine() =>
        Assert.Equal(
            "[ALERT]    (4242) : config : [/etc/haproxy/haproxy.cfg:12] : unknown keyword 'bnid'",
            UnitJournal.Pick("""
                Nov 21 02:00:01 lb1 systemd[1]: Starting haproxy.service - HAProxy Load Balancer...
                Nov 21 02:00:01 lb1 haproxy[4242]: [ALERT]    (4242) : config : [/etc/haproxy/haproxy.cfg:12] : unknown keyword 'bnid'
                Nov 21 02:00:01 lb1 systemd[1]: haproxy.service: Main process exited, code=exited, status=1/FAILURE
                Nov  1 02:00:01 lb1 systemd[1]: Failed to start haproxy.service - HAProxy Load Balancer.
                """));

    [Theory]
    [InlineData("Nov 21 02:00:01 lb1 systemd[1]: Failed to start haproxy.service.", "Failed to start haproxy.service.")]
    [InlineData("""
        Nov 21 02:00:01 lb1 haproxy[42]: 10.0.0.5:42664 [21/Nov/2026] public web/web3 0/0/0/0/0 200 140 - - ---- 1/1/0/0/0 0/0 "GET"
        Nov 21 02:00:01 lb1 haproxy[42]: 10.0.0.5:42665 [21/Nov/2026:02:00:00.421] public web/web3 1/0/12 345 -- 1/1/0/0/0 0/0
        Nov 21 02:00:01 lb1 systemd[1]: haproxy.service: Main process exited, code=killed, status=9/KILL
        """, "haproxy.service: Main process exited, code=killed, status=9/KILL")]
    [InlineData("-- No entries --", null)]
    [InlineData("", null)]
    public void Pick_NothingOfItsOwn_IsSystemdsOrNothing(string journal, string? expected) =>
        Assert.Equal(expected, UnitJournal.Pick(journal));
}
