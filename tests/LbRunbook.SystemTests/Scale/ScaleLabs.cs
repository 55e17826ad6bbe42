using LbRunbook.SystemTests.Lab;

namespace LbRunbook.SystemTests.Scale;

public sealed class HaproxyScaleLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--spares", "2"];
}

public sealed class NginxScaleLab : LabFixture
{
    protected override IReadOnlyList<string> UpOptions => ["--proxy", "nginx", "--spares", "1"];
}
