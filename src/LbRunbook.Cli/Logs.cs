using LbRunbook.Core.Files;
using LbRunbook.Core.Plans;
using LbRunbook.Core.Text;
using LbRunbook.Engine.Journal;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace LbRunbook.Cli;

/// <summary>
/// The structured log beside the journal, and <c>-v</c>/<c>-vv</c> on stderr. Made on the first line that is logged: a verb that
/// logs nothing pays nothing. A log that cannot be written is never the reason for anything to fail; a run says so at its end.
/// </summary>
internal static class Logs
{
    private static readonly LoggingLevelSwitch ConsoleLevel = new(LogEventLevel.Fatal);
    private static Lazy<Logger> _logger = new(() => Create(null));

    /// <summary>Why something is missing in it, in the words of the first time; null = nothing is.</summary>
    public static string? Failure { get; private set; }

    /// <param name="paths">Where the log is, unless <c>LBCTL_LOG</c> says another file.</param>
    /// <param name="verbosity">0, 1 (<c>-v</c>) or 2 (<c>-vv</c>).</param>
    public static void Configure(StatePaths paths, int verbosity)
    {
        ConsoleLevel.MinimumLevel = verbosity switch
        {
            0 => LogEventLevel.Fatal,
            1 => LogEventLevel.Information,
            _ => LogEventLevel.Verbose,
        };
        var file = Environment.GetEnvironmentVariable("LBCTL_LOG") is { Length: > 0 } chosen ? chosen : paths.Log;
        Failure = null;
        SelfLog.Enable(why => Failure ??= $"{file}: {ReasonIn(why)}");
        _logger = new(() => Create(file));
    }

    public static void Event(string runId, RunEvent e)
    {
        if (e is not StepWaiting)
            _logger.Value.Information("{RunId} {Event}", runId, Redaction.Apply(PlanJson.Line(e)));
    }

    public static void Warning(string message) => _logger.Value.Warning("{Message}", Redaction.Apply(message));

    public static void Debug(string message) => _logger.Value.Debug("{Message}", Redaction.Apply(message));

    /// <summary>What escaped everything: for the report that the operator is asked to send.</summary>
    public static void Bug(Exception e) => _logger.Value.Error("{Exception}", Redaction.Apply(e.ToString()));

    public static void Close()
    {
        if (!_logger.IsValueCreated)
            return;
        try
        {
            _logger.Value.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk: what was buffered is lost, and what was done is done. Without this the exit code would be that of a crash.
        }
    }

    /// <summary>The library says an exception with its stack.</summary>
    private static string ReasonIn(string why)
    {
        var first = why.Split('\n').FirstOrDefault(l => l.Contains("Exception: ", StringComparison.Ordinal)) ?? why.Split('\n')[0];
        var start = first.IndexOf("Exception: ", StringComparison.Ordinal);
        return (start < 0 ? first : first[(start + "Exception: ".Length)..]).Trim();
    }

    private static Logger Create(string? file)
    {
        var configuration = new LoggerConfiguration().MinimumLevel.Verbose()
            .WriteTo.Console(levelSwitch: ConsoleLevel, standardErrorFromLevel: LogEventLevel.Verbose,
                outputTemplate: "[{Timestamp:HH:mm:ss.fff} {Level:u3}] {Message:lj}{NewLine}");
        if (file is not null && TryPrepare(file))
            configuration.WriteTo.File(new JsonFormatter(renderMessage: false), file, restrictedToMinimumLevel: LogEventLevel.Debug,
                fileSizeLimitBytes: 20_000_000, rollOnFileSizeLimit: true, retainedFileCountLimit: 3, shared: true);
        return configuration.CreateLogger();
    }

    /// <summary>Mode 0600, whatever the umask: plans name hosts and addresses.</summary>
    private static bool TryPrepare(string file)
    {
        try
        {
            RegularFile.Demand(file);
            StatePaths.CreatePrivate(Path.GetDirectoryName(Path.GetFullPath(file))!);
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            new FileStream(file, options).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Failure ??= e.Message;
            return false;
        }
    }
}
