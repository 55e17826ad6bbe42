using System.CommandLine.Parsing;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Failover.HandOver;

namespace LbRunbook.Cli.Verbs.Failover;

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
        _ => throw new OperatorException(ExitCode.Usage, $"--hand-over {text}: it is auto, on or off", "lbctl failover --help"),
    };

}
