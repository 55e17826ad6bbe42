using System.CommandLine;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Output.Writing;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Text;

namespace LbRunbook.Cli;

/// <summary>From arguments to an exit code, and the one place where an exception becomes either of them.</summary>
internal static class CliMain
{
    /// <summary>For what was said right before the process leaves at once.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(500);

    public static async Task<int> RunAsync(string[] args, Streams streams, TimeProvider time)
    {
        using var signals = Signals.OfProcess(() => streams.Drain(LastWords));
        return await RunAsync(args, new CliContext(streams, time) { Signals = signals });
    }

    internal static async Task<int> RunAsync(string[] args, CliContext context)
    {
        var parse = CommandLine.Build(context).Parse(args);
        if (parse.GetValue(context.Options.NoColor))
            context.Streams = context.Streams with { ColourWanted = false };
        Logs.Configure(context.State, parse.GetValue(context.Options.VeryVerbose) ? 2 : parse.GetValue(context.Options.Verbose) ? 1 : 0);
        var code = await RunAsync(parse, context);
        Logs.Close();
        var human = parse.GetValue(context.Options.Output) is null or "human";
        return LostOutput.Tell(context, parse.CommandResult.Command.Name, human, code, context.Signals.Token);
    }

    private static async Task<int> RunAsync(ParseResult parse, CliContext context)
    {
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
            }, context.Signals.Token);
        }
        catch (Exception e)
        {
            return Report(e, parse, context, context.Signals.ExitCode);
        }
    }

    private static int Report(Exception e, ParseResult parse, CliContext context, int interrupted)
    {
        var (code, message, next) = e switch
        {
            OperatorException cli => (cli.ExitCode, cli.Message, cli.Next),
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
