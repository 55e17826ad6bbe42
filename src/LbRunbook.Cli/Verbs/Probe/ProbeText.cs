using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Probe;

internal static class ProbeText
{
    public static string Ms(double ms) => ms switch
    {
        < 10 => $"{ms:0.0} ms",
        < 999.5 => $"{ms:0} ms",
        < 60_000 => $"{ms / 1000:0.00} s",
        _ => $"{ms / 60_000:0.0} min",
    };

    /// <summary>A point on the measurement's own time line.</summary>
    public static string At(double ms) => $"{ms / 1000:0.00} s";

    public static string Count(long count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>Never rounds a failure away.</summary>
    public static string Percent(long part, long whole)
    {
        var percent = whole == 0 ? 0 : 100.0 * part / whole;
        return percent is > 0 and < 0.01 ? "< 0.01 %" : $"{percent:0.##} %";
    }
}
