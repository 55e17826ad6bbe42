using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Plans;
using LbRunbook.Lab;

namespace LbRunbook.Cli.Verbs.Lab;

/// <summary>Maps how a lab operation ended to an exit code and a message.</summary>
internal static class LabAction
{
    public static void Set(Command command, CliContext context, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parse, cancellation) =>
        {
            try
            {
                return await action(parse, cancellation);
            }
            catch (LabException error)
            {
                return await FailAsync(context, CodeOf(error.Problem), error.Message, error.Next);
            }
            catch (OperatorException error)
            {
                return await FailAsync(context, error.ExitCode, error.Message, error.Next);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return await FailAsync(context, context.Signals.ExitCode, "interrupted", "lbctl lab list");
            }
        });

    private static async Task<int> FailAsync(CliContext context, int code, string message, string? next)
    {
        await context.Streams.Error.WriteLineAsync($"lbctl: {message}");
        if (next is not null)
            await context.Streams.Error.WriteLineAsync($"Next: {next}");
        return code;
    }

    private static int CodeOf(LabProblem problem) => problem switch
    {
        LabProblem.Refused => ExitCode.Refused,
        LabProblem.LeftBehind => ExitCode.Partial,
        LabProblem.Unknown => ExitCode.Usage,
        _ => ExitCode.Failed,
    };
}
