using LbRunbook.Core.Diagnosis;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

public sealed class DiagnosisTableTests
{
    [Fact]
    public void Table_EveryCode_HasOneEntryWithMeaningAndCommand()
    {
        Assert.Equal(Enum.GetValues<DiagnosisCode>(), DiagnosisTable.All.Select(e => e.Code));
        Assert.All(DiagnosisTable.All, e =>
        {
            Assert.EndsWith(".", e.Meaning);
            Assert.NotEmpty(e.Next);
        });
    }

    [Fact]
    public void Worst_CriticalAndUnknown_IsCritical() =>
        Assert.Equal(Severity.Critical, SeverityOrder.Worst([Severity.Unknown, Severity.Critical, Severity.Warning]));

    [Fact]
    public void Worst_Nothing_IsOk() => Assert.Equal(Severity.Ok, SeverityOrder.Worst([]));
}
