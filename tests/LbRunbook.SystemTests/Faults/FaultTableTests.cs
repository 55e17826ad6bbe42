using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>What a failover says and does while something else is wrong: runbooks/safety.md is what is seen here.</summary>
public sealed class FaultTableTests(LabFixture lab) : IClassFixture<LabFixture>
{
    internal const string Table = "faults";
    internal static readonly IReadOnlyList<string> AllRows = [.. FaultScenarios.All.Select(s => s.Row), VrrpCutTests.Row];

    public static TheoryData<string> Rows => [.. FaultScenarios.All.Select(s => s.Row)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Failover_SomethingIsWrong_SaysSoAndMakesNothingWorse(string row)
    {
        lab.Require();
        await using var run = new FaultRun(lab, FaultScenarios.All.Single(s => s.Row == row));
        FaultTable.Verify(Table, AllRows, row, await run.PlayAsync());
    }

    [Fact]
    public void Table_EveryRow_HasItsTest() => FaultTable.VerifyNames(Table, AllRows);
}
