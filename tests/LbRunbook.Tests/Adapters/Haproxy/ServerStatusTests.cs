using LbRunbook.Adapters.Haproxy;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Haproxy;

public sealed class ServerStatusTests
{
    [Theory]
    [InlineData("UP", AdminState.Ready, ServerHealth.Up)]
    [InlineData("UP 1/3", AdminState.Ready, ServerHealth.GoingDown)]
    [InlineData("DOWN", AdminState.Ready, ServerHealth.Down)]
    [InlineData("DOWN 1/2", AdminState.Ready, ServerHealth.GoingUp)]
    [InlineData("DOWN (agent)", AdminState.Ready, ServerHealth.Down)]
    [InlineData("NOLB", AdminState.Ready, ServerHealth.Stopping)]
    [InlineData("NOLB 1/3", AdminState.Ready, ServerHealth.Stopping)]
    [InlineData("DRAIN", AdminState.Drain, ServerHealth.Up)]
    [InlineData("DRAIN 1/3", AdminState.Drain, ServerHealth.GoingDown)]
    [InlineData("DRAIN (agent)", AdminState.Drain, ServerHealth.Up)]
    [InlineData("MAINT", AdminState.Maint, ServerHealth.Unknown)]
    [InlineData("MAINT (via web/web1)", AdminState.Maint, ServerHealth.Unknown)]
    [InlineData("MAINT (resolution)", AdminState.Ready, ServerHealth.Unknown)]
    [InlineData("no check", AdminState.Ready, ServerHealth.NoCheck)]
    [InlineData("", AdminState.Ready, ServerHealth.Unknown)]
    [InlineData("something new", AdminState.Ready, ServerHealth.Unknown)]
    public void Status_WithoutMask_GivesAdminAndHealth(string status, AdminState admin, ServerHealth health)
    {
        Assert.Equal(admin, ServerStatus.Admin(status, null));
        Assert.Equal(health, ServerStatus.Health(status, isChecked: true));
    }

    [Theory]
    [InlineData("DOWN", 0x08, AdminState.Drain)]
    [InlineData("DOWN", 0x10, AdminState.Drain)]
    [InlineData("UP", 0x40, AdminState.Ready)]
    [InlineData("UP", 0x04, AdminState.Ready)]
    [InlineData("MAINT", 0x05, AdminState.Maint)]
    [InlineData("MAINT (via web/web1)", 0x02, AdminState.Maint)]
    [InlineData("MAINT (resolution)", 0x20, AdminState.Ready)]
    [InlineData("MAINT (resolution)", 0x21, AdminState.Maint)]
    [InlineData("MAINT", 0x09, AdminState.Maint)]
    [InlineData("UP", 0, AdminState.Ready)]
    public void Admin_WithMask_FollowsTheMask(string status, int mask, AdminState admin) =>
        Assert.Equal(admin, ServerStatus.Admin(status, mask));

    [Fact]
    public void Health_DrainedServerThatNobodyChecks_IsNoCheck() =>
        Assert.Equal(ServerHealth.NoCheck, ServerStatus.Health("DRAIN", isChecked: false));
}
