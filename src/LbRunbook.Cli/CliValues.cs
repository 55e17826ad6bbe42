using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli;

/// <summary>Option values with a form of their own.</summary>
internal static class CliValues
{
    public static TimeSpan Duration(string option, string text, string verb) =>
        Durations.TryParse(text, out var value)
            ? value
            : throw new OperatorException(ExitCode.Usage, $"{option} {text}: not a duration; write 500ms, 30s, 5m or 2h",
                $"lbctl {verb} --help");
}
