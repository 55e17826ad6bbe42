using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Core.Observations;

public class BackendObservationTests
{
    private static readonly CheckResult Good = new(true, TimeSpan.Zero, "ok");
    private static readonly CheckResult Bad = new(false, TimeSpan.Zero, "connection refused");

    private static ServerState View(ServerHealth health, AdminState admin = AdminState.Ready) =>
        new() { Pool = "web", Server = "web1", Admin = admin, Health = health, Status = "", Weight = 1 };

    private static BackendObservation Seen(
        ServerState? proxy, CheckResult? node = null, CheckResult? here = null, CheckResult? deep = null) => new()
    {
        Backend = "web1",
        OnProxies = proxy is null ? new Dictionary<string, ServerState>() : new() { ["lb1"] = proxy },
        FromNodes = node is null ? new Dictionary<string, CheckResult>() : new() { ["lb1"] = node },
        FromHere = here,
        Deep = deep,
    };

    [Fact]
    public void Healthy_ProxyChecksIt_CountsMoreThanOurOwnCheck()
    {
        Assert.True(Seen(View(ServerHealth.Up), here: Bad).Healthy);
        Assert.False(Seen(View(ServerHealth.Down), here: Good).Healthy);
    }

    [Fact]
    public void Healthy_ProxyDoesNotCheckIt_TheNodesDecide()
    {
        Assert.False(Seen(View(ServerHealth.NoCheck), node: Bad, here: Good).Healthy);
        Assert.True(Seen(View(ServerHealth.NoCheck), node: Good, here: Bad).Healthy);
    }

    [Fact]
    public void Healthy_Isolated_IsNotServing() =>
        Assert.False(Seen(View(ServerHealth.NoCheck, AdminState.Maint), node: Good, here: Good).Healthy);

    [Fact]
    public void Healthy_DeepCheckFails_OverridesEveryOtherView() =>
        Assert.False(Seen(View(ServerHealth.Up), node: Good, here: Good, deep: Bad).Healthy);
}
