using LbRunbook.Core.Diagnosis;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output;

/// <summary>One word, one exit code and one look for each severity: the word carries the meaning, colour only helps to find it.</summary>
internal static class SeverityWords
{
    /// <summary>Of a whole assessment.</summary>
    public static string Of(Severity severity) => severity switch
    {
        Severity.Ok => "OK",
        Severity.Warning => "WARNING",
        Severity.Critical => "CRITICAL",
        _ => "UNKNOWN",
    };

    /// <summary>Of one finding: nothing is wrong, but worth knowing.</summary>
    public static string OfFinding(Severity severity) => severity == Severity.Ok ? "NOTE" : Of(severity);

    /// <summary>Foreground and background are both set, so that it reads on dark and on light.</summary>
    public static string Style(Severity severity) => severity switch
    {
        Severity.Ok => "black on green",
        Severity.Warning => "black on olive",
        Severity.Critical => "bold white on maroon",
        _ => "white on purple",
    };

    public static int ExitCodeOf(Severity severity) => severity switch
    {
        Severity.Ok => ExitCode.NagiosOk,
        Severity.Warning => ExitCode.NagiosWarning,
        Severity.Critical => ExitCode.NagiosCritical,
        _ => ExitCode.NagiosUnknown,
    };
}
