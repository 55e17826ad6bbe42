using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary><c>thresholds:</c></summary>
internal static class ThresholdsBinder
{
    private static readonly FieldRule<TimeSpan> Interval = FieldRules.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1));
    private static readonly FieldRule<TimeSpan> Expiry = FieldRules.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(3650));
    private static readonly FieldRule<int> Count = FieldRules.Integer(1, 100);

    public static Thresholds Bind(Section root)
    {
        var defaults = new Thresholds();
        if (root.Map("thresholds", "thresholds", ConfigKeys.Thresholds) is not { } section) return defaults;
        return new Thresholds
        {
            Interval = section.Get("interval", Interval, defaults.Interval),
            Timeout = section.Get("timeout", FieldRules.Timeout, defaults.Timeout),
            Fall = section.Get("fall", Count, defaults.Fall),
            Rise = section.Get("rise", Count, defaults.Rise),
            MinimumHealthy = section.Get("minimumHealthy", FieldRules.Percent, defaults.MinimumHealthy),
            Cpu = section.Get("cpu", FieldRules.Percent, defaults.Cpu),
            Memory = section.Get("memory", FieldRules.Percent, defaults.Memory),
            Disk = section.Get("disk", FieldRules.Percent, defaults.Disk),
            CertificateExpiry = section.Get("certificateExpiry", Expiry, defaults.CertificateExpiry),
            Slow = section.Get("slow", FieldRules.Timeout, defaults.Slow),
        };
    }
}
