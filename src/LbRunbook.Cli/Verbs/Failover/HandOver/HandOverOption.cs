using System.CommandLine.Parsing;
using LbRunbook.Cli.Output;

namespace LbRunbook.Cli.Verbs.Failover.HandOver;

/// <summary><c>--hand-over [auto|on|off]</c>.</summary>
internal static class HandOverOption
{
    public static HandOverWish Parse(OptionResult? given) => given switch
    {
        null or { Implicit: true } => HandOverWish.Auto,
        // Without a value it says what its name says.
        { Tokens: [] } => HandOverWish.On,
        _ => Parse(given.Tokens[0].Value),
    };

    private static HandOverWish Parse(string text) => text switch
    {
        "on" => HandOverWish.On,
        "auto" => HandOverWish.Auto,
        "off" => HandOverWish.Off,
        _ => throw new CliException(ExitCode.Usage, $"--hand-over {text}: it is auto, on or off", "lbctl failover --help"),
    };

    /// <summary>Short enough for a packet filter's chain (28 characters): day and time of the run, to the millisecond.</summary>
    public static string IdOf(string runId) => runId[6..8] + runId[9..15] + runId[16..19];
}
