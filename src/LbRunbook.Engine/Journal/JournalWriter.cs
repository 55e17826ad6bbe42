using System.Text;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>
/// One run's file, JSON Lines, mode 0600. What decides whether an undo is possible (start, intent, outcome) is on disk before the method
/// returns. A journal that cannot be written warns once and is then silent: it never stops a run.
/// </summary>
public sealed class JournalWriter : IDisposable
{
    private readonly StatePaths? _paths;
    private readonly Action<string> _warn;
    private FileStream? _file;

    private JournalWriter(StatePaths? paths, FileStream? file, string runId, Action<string> warn, string? failure = null)
    {
        (_paths, _file, RunId, _warn, Failure) = (paths, file, runId, warn, failure);
    }

    public string RunId { get; }

    /// <summary>Something is not written down: an undo or a resume by this journal would not know all that was done.</summary>
    public bool Incomplete => _file is null;

    /// <summary>Why; null = all is written down.</summary>
    public string? Failure { get; private set; }

    public static JournalWriter Open(StatePaths paths, string runId, Action<string> warn)
    {
        try
        {
            StatePaths.CreatePrivate(paths.Root);
            StatePaths.CreatePrivate(paths.Runs);
            // No buffer of its own: a line is in the kernel when Write returns, so a killed process loses none.
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new(paths, new FileStream(paths.RunFile(runId), options), runId, warn);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"no journal for this run ({e.Message}): history and undo will not know of it");
            return new(null, null, runId, warn, e.Message);
        }
    }

    /// <summary>Any stream as the journal's file: how a test gives it a full disk.</summary>
    /// <param name="paths">Where it lies, and with it what is left beside it; null = nowhere.</param>
    internal static JournalWriter ForTest(FileStream file, Action<string> warn, StatePaths? paths = null, string runId = "run") =>
        new(paths, file, runId, warn);

    public void Write(RunEvent e)
    {
        TryWrite(e);
        if (_file is null && _paths is not null && e is RunOutcome outcome)
            JournalEnd.Write(_paths, RunId, outcome);
    }

    private void TryWrite(RunEvent e)
    {
        if (_file is null || e is StepWaiting)
            return;
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(PlanJson.Line(e) + "\n"));
            _file.Flush(flushToDisk: e is RunStarted or StepIntended or RunOutcome);
        }
        catch (Exception x) when (x is IOException or UnauthorizedAccessException)
        {
            Dispose();
            Failure = x.Message;
            _warn($"the journal cannot be written any more ({x.Message}): the run goes on, undo knows it only up to here");
        }
    }

    public void Dispose()
    {
        try
        {
            _file?.Dispose();
        }
        catch (IOException)
        {
            // A full disk was said already.
        }
        _file = null;
    }
}
