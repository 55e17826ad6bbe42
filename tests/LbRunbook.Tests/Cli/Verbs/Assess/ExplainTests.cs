using LbRunbook.Cli.Verbs.Assess;
using LbRunbook.Core.Diagnosis;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Cli.Verbs.Assess;

public sealed class ExplainTests
{
    [Fact]
    public void Explain_AffinityAndPatterns_ReadsWell()
    {
        DiagnosisCode[] codes = [DiagnosisCode.AffinityBroken, DiagnosisCode.AffinityWithoutBackup, DiagnosisCode.AffinityBreakdown,
            DiagnosisCode.GradualDegradation, DiagnosisCode.CascadingFailure, DiagnosisCode.UnevenTraffic];
        using var output = new StringWriter();
        foreach (var code in codes)
            ExplainView.Write(code.ToString(), output);
        Golden.Verify(output.ToString(), "assess-explain-patterns");
    }
}
