using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>What a failover says and does while something else is wrong: runbooks/safety.md is what is seen here.</summary>
public abstract class FaultTableTests(FaultLab lab) : IClassFixture<FaultLab>
{
    internal const string Table = "faults";
    internal static readonly IReadOnlyList<string> AllRows = [.. FaultScenarios.All.Select(s => s.Row), VrrpCutTests.Row];

    private protected async Task PlayAsync(string row)
    {
        lab.Require();
        await using var run = new FaultRun(lab, FaultScenarios.All.Single(s => s.Row == row));
        FaultTable.Verify(Table, AllRows, row, await run.PlayAsync());
    }
}

public sealed class FaultBeforehandTests(FaultLab lab) : FaultTableTests(lab)
{
    public static TheoryData<string> Rows => [.. FaultScenarios.All.Where(s => s.Midway is null).Select(s => s.Row)];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Failover_SomethingIsWrong_SaysSoAndMakesNothingWorse(string row) => PlayAsync(row);

    [Fact]
    public void Table_EveryRow_HasItsTest() => FaultTable.VerifyNames(Table, AllRows);
}

public sealed class FaultMidwayTests(FaultLab lab) : FaultTableTests(lab)
{
    public static TheoryData<string> Rows => [.. FaultScenarios.All.Where(s => s.Midway is not null).Select(s => s.Row)];

    [Theory]
    [MemberData(nameof(Rows))]
    public Task Failover_SomethingGoesWrongMidway_SaysSoAndMakesNothingWorse(string row) => PlayAsync(row);
}

public sealed class FaultLab : LabFixture
{
    protected override Task LeaveAsync() => new NodeTraces(new(State)).AnnouncementsEndAsync();
}
