using System.CommandLine;
using System.Text.Json.Nodes;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Verbs.Assess;

/// <summary>When nothing could be assessed, the promised format is kept: one document, or one line, and nothing else on stdout.</summary>
internal static class AssessFailure
{
    public static async Task<int> GuardAsync(CliContext context, ParseResult parse, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (OperatorException failure)
        {
            switch (parse.GetValue(context.Options.Output))
            {
                case "json":
                    await context.Streams.Out.WriteLineAsync(Document(failure).ToJsonString());
                    break;
                case "nagios":
                    NagiosAssessView.WriteUnknown(failure.Message, context.Streams.Out);
                    // A monitoring system knows four codes; ours for configuration would read as "plug-in broken" at best.
                    return ExitCode.NagiosUnknown;
            }
            await context.Streams.Error.WriteLineAsync($"lbctl: {failure.Message}");
            if (failure.Next is { } next)
                await context.Streams.Error.WriteLineAsync($"Next: {next}");
            return failure.ExitCode;
        }
    }

    private static JsonObject Document(OperatorException failure) => new()
    {
        ["type"] = "error",
        ["schema"] = 1,
        ["exitCode"] = failure.ExitCode,
        ["message"] = failure.Message,
        ["next"] = failure.Next,
    };
}
