using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Journal;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli;

/// <summary>From arguments to an exit code, and the one place where an exception becomes either of them.</summary>
internal static class CliMain
{
    public static async Task<int> RunAsync(string[] args, Streams streams, TimeProvider time)
    {
        var context = new CliContext(streams, time);
        var parse = CommandLine.Build(context).Parse(args);
        if (parse.GetValue(context.Options.NoColor))
            context.Streams = context.Streams with { ColourWanted = false };
        Logs.Configure(StatePaths.OfProcess(), parse.GetValue(context.Options.VeryVerbose) ? 2 : parse.GetValue(context.Options.Verbose) ? 1 : 0);
        using var termination = new TerminationToken();
        context.InterruptedCode = () => termination.ExitCode;
        try
        {
            if (parse.Errors.Count > 0)
                throw UsageErrors.Explain(parse);
            return await parse.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = context.Streams.Out,
                Error = context.Streams.Error,
            }, termination.Token);
        }
        catch (Exception e)
        {
            return Report(e, parse, context, termination.ExitCode);
        }
        finally
        {
            Logs.Close();
        }
    }

    private static int Report(Exception e, ParseResult parse, CliContext context, int interrupted)
    {
        var (code, message, next) = e switch
        {
            CliException cli => (cli.ExitCode, cli.Message, cli.Next),
            AdapterException adapter => (ExitCode.Failed, $"{adapter.Target}: {adapter.Message}", "lbctl assess"),
            OperationCanceledException => (interrupted, "interrupted; nothing was changed", null),
            _ => (ExitCode.Bug, $"this is a bug in lbctl: {e.GetType().Name}: {e.Message}", "lbctl -vv …, and report what it prints"),
        };
        if (code == ExitCode.Bug)
            Logs.Bug(e);
        next = next is null ? null : NextCommand.From(parse, context.Options).Qualify(next);
        if (parse.GetValue(context.Options.Output) == "json")
            WriteJson(context, parse, code, message, next);
        context.Streams.Error.WriteLine($"lbctl: {Redaction.Apply(message)}");
        if (next is not null)
            context.Streams.Error.WriteLine($"Next: {next}");
        return code;
    }

    /// <summary>Machines get an outcome whatever happens.</summary>
    private static void WriteJson(CliContext context, ParseResult parse, int code, string message, string? next) =>
        context.Streams.Out.WriteLine(PlanJson.Line(new RunOutcome
        {
            At = context.Time.GetUtcNow(),
            Verb = parse.CommandResult.Command.Name,
            Result = RunResult.Failed,
            ExitCode = code,
            Message = Redaction.Apply(message),
            Next = next,
        }));
}
