using System.CommandLine;
using LbRunbook.Cli.Output;

namespace LbRunbook.Cli.Runs;

internal static class RunViews
{
    public static IRunView Create(ParseResult parse, CliContext context) => parse.GetValue(context.Options.Output) switch
    {
        "json" => new JsonRunView(context.Streams.Out, context.Time),
        "human" => new HumanRunView(context.Streams, context.Time),
        var other => throw new CliException(ExitCode.Usage, $"--output {other}: this verb knows human and json", "lbctl --help"),
    };
}
