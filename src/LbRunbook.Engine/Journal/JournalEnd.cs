using System.Globalization;
using LbRunbook.Core.Plans;

namespace LbRunbook.Engine.Journal;

/// <summary>
/// How a run ended whose journal could not be written to its end: an empty file beside it whose name says it. A full disk has room for a
/// name where it has none for a line, and without it a run that went through to its end looks like one that was killed.
/// </summary>
internal static class JournalEnd
{
    private const string Mark = ".ended.";
    private const string Changed = "changed";

    public static void Write(StatePaths paths, string runId, RunOutcome outcome)
    {
        try
        {
            var name = string.Create(CultureInfo.InvariantCulture,
                $"{runId}{Mark}{outcome.Result}.{outcome.ExitCode}.{(outcome.Changed ? Changed : "same")}");
            using var file = new FileStream(Path.Combine(paths.Runs, name), FileMode.Create, FileAccess.Write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not even that: said already, as a journal that cannot be written.
        }
    }

    /// <param name="journal">Of a run whose journal has no outcome.</param>
    /// <returns>Null = nothing was left: it goes on, or was killed.</returns>
    public static RunOutcome? Read(string journal)
    {
        var begin = Path.GetFileNameWithoutExtension(journal) + Mark;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(journal)!, begin + "*"))
            if (Path.GetFileName(file)[begin.Length..].Split('.') is [var result, var code, var changed]
                && Enum.TryParse<RunResult>(result, out var ended)
                && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var exitCode))
                return new()
                {
                    At = new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero),
                    Verb = "",
                    Result = ended,
                    ExitCode = exitCode,
                    Changed = changed == Changed,
                };
        return null;
    }
}
