namespace LbRunbook.Core.Model;

/// <summary>The playbook's numbers; every default in one place.</summary>
public sealed record Thresholds
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    public int Fall { get; init; } = 3;
    public int Rise { get; init; } = 2;

    /// <summary>Percent of a pool that must stay healthy.</summary>
    public double MinimumHealthy { get; init; } = 50;
    public double Cpu { get; init; } = 90;
    public double Memory { get; init; } = 90;
    public double Disk { get; init; } = 90;
    public TimeSpan CertificateExpiry { get; init; } = TimeSpan.FromDays(14);

    /// <summary>A backend slower than this in its health check is <c>BackendSlow</c>.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(2);
}
