using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Observations;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Diagnosis;

internal static class DiagnosisAssert
{
    public static Finding One(Observation seen, DiagnosisCode code, Severity severity, string? next = null)
    {
        var finding = Assert.Single(Diagnoser.Diagnose(Sample.Fleet, seen), f => f.Code == code);
        Assert.Equal(severity, finding.Severity);
        if (next is not null)
            Assert.Equal(next, finding.Next);
        return finding;
    }

    public static void None(Observation seen, DiagnosisCode code) =>
        Assert.DoesNotContain(Diagnoser.Diagnose(Sample.Fleet, seen), f => f.Code == code);
}
