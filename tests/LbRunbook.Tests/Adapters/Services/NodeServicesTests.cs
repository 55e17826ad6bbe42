using LbRunbook.Adapters.Services;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Services;

public sealed class NodeServicesTests
{
    private const string Show = "systemctl show -p LoadState,ActiveState,SubState,UnitFileState,MainPID,Result haproxy";
    private const string Journal = "journalctl -u haproxy -n 20 --no-pager -q -o short";
    private static readonly Node Systemd = new() { Name = "lb1", Host = "10.0.0.11", Proxy = ProxyKind.Haproxy };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_Works_IsOneCommandAsRoot()
    {
        var shell = new TableShell(("systemctl start haproxy", 0, ""));

        await new NodeServices(shell).StartAsync(Systemd, Cancellation);

        Assert.Equal(["root: systemctl start haproxy"], shell.Ran);
    }

    [Fact]
    public async Task Start_Fails_SaysWhyInTheServicesOwnWords()
    {
        var shell = new TableShell(
            ("systemctl start haproxy", 1,
                "Job for haproxy.service failed because the control process exited with error code.\nSee \"systemctl status "
                    + "haproxy.service\" for details."),
            (Show, 0, "LoadState=loaded\nActiveState=failed\nSubState=failed\nResult=exit-code"),
            (Journal, 0, "Nov 21 02:00:01 lb1 haproxy[42]: cannot bind socket [0.0.0.0:80]\nNov 21 02:00:01 lb1 systemd[1]: Failed "
                + "to start haproxy.service."));

        var error = await Assert.ThrowsAsync<AdapterException>(() => new NodeServices(shell).StartAsync(Systemd, Cancellation));

        Assert.Equal("systemctl start haproxy failed on lb1: cannot bind socket [0.0.0.0:80]", error.Message);
    }

    [Fact]
    public async Task Start_UnitHitItsStartLimit_ResetsAndTriesOnce()
    {
        var shell = new TableShell(
            ("systemctl start haproxy", 1, "Start request repeated too quickly."),
            ("systemctl start haproxy", 0, ""),
            ("systemctl reset-failed haproxy", 0, ""),
            (Show, 0, "LoadState=loaded\nActiveState=failed\nResult=start-limit-hit"));

        await new NodeServices(shell).StartAsync(Systemd, Cancellation);

        Assert.Equal(["root: systemctl start haproxy", Show, "root: systemctl reset-failed haproxy", "root: systemctl start haproxy"],
            shell.Ran);
    }

    [Fact]
    public async Task Start_MaskedUnit_SaysThatSomebodySwitchedItOff()
    {
        var shell = new TableShell(
            ("systemctl start haproxy", 1, "Failed to start haproxy.service: Unit haproxy.service is masked."),
            (Show, 0, "LoadState=masked\nActiveState=inactive\nUnitFileState=masked"));

        var error = await Assert.ThrowsAsync<AdapterException>(() => new NodeServices(shell).StartAsync(Systemd, Cancellation));

        Assert.Contains("is masked", error.Message);
        Assert.Contains("systemctl unmask haproxy", error.Message);
    }

    [Fact]
    public async Task Start_NoSuchUnit_NamesTheConfigurationKey()
    {
        var shell = new TableShell(
            ("systemctl start haproxy", 5, "Failed to start haproxy.service: Unit haproxy.service not found."),
            (Show, 0, "LoadState=not-found\nActiveState=inactive"));

        var error = await Assert.ThrowsAsync<AdapterException>(() => new NodeServices(shell).StartAsync(Systemd, Cancellation));

        Assert.Contains("service.name", error.Message);
    }

    [Fact]
    public async Task CustomCommands_AreUsedInsteadOfSystemd()
    {
        var node = Systemd with
        {
            Service = new() { Status = ["rc-service", "haproxy", "status"], Start = ["rc-service", "haproxy", "start"] },
        };
        var shell = new TableShell(("rc-service haproxy status", 3, " * status: stopped"), ("rc-service haproxy start", 0, ""));
        var services = new NodeServices(shell);

        var state = await services.ReadAsync(node, Cancellation);
        await services.StartAsync(node, Cancellation);
        await services.SetEnabledAsync(node, true, Cancellation);

        Assert.Equal(new(Active: false, Enabled: null, "stopped", 0), state);
        Assert.Equal(["root: rc-service haproxy status", "root: rc-service haproxy start"], shell.Ran);
        var error = await Assert.ThrowsAsync<AdapterException>(() => services.StopAsync(node, Cancellation));
        Assert.Contains("service.stop", error.Message);
    }

    [Fact]
    public async Task CustomStatus_CommandIsMissing_IsNoStatementAboutTheService()
    {
        var node = Systemd with { Service = new() { Status = ["/opt/status"] } };

        await Assert.ThrowsAsync<AdapterException>(() =>
            new NodeServices(new TableShell(("/opt/status", 127, "sh: /opt/status: not found"))).ReadAsync(node, Cancellation));
    }
}
