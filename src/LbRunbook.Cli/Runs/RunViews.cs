using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Runs;

internal static class RunViews
{
    public static IRunView Create(ParseResult parse, CliContext context, Fleet fleet) => parse.GetValue(context.Options.Output) switch
    {
        "json" => new JsonRunView(context.Streams.Out),
        "human" => new HumanRunView(fleet, context.Streams, context.Time),
        var other => throw new OperatorException(ExitCode.Usage, $"--output {other}: this verb knows human and json", "lbctl --help"),
    };
}
