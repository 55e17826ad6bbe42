using System.Text;
using System.Text.Json;
using LbRunbook.Core.Files;
using LbRunbook.Core.History;
using LbRunbook.Engine.Journal;

namespace LbRunbook.Engine.History;

/// <summary>
/// One file a cluster, a line a look. It is a help and never a need: a full disk, a foreign file or half a line cost the memory, never
/// the assessment.
/// </summary>
internal sealed class HistoryStore(StatePaths paths)
{
    public const int MaximumLooks = 2000;
    public static readonly TimeSpan MaximumAge = TimeSpan.FromHours(24);

    /// <summary>However large a cluster is, and whoever writes there besides us.</summary>
    private const int MaximumBytes = 4 * 1024 * 1024;

    /// <summary>Not rewritten for every line that falls out.</summary>
    private const int Slack = MaximumLooks / 10;

    /// <summary>Writes the look down.</summary>
    /// <returns>Those before it, oldest first.</returns>
    public IReadOnlyList<PastLook> Remember(string cluster, PastLook look)
    {
        var file = paths.HistoryFile(cluster);
        var past = Read(file, look.At, out var lines, out var whole);
        try
        {
            StatePaths.CreatePrivate(paths.Root);
            StatePaths.CreatePrivate(paths.History);
            RegularFile.Demand(file);
            if (whole && lines < MaximumLooks + Slack)
                Append(file, (EndsInLine(file) ? "" : "\n") + Line(look));
            else
                Replace(file, [.. past.TakeLast(MaximumLooks - 1), look]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As said above.
        }
        return past;
    }

    /// <summary>What comes now is another cluster of that name.</summary>
    public void Forget(string cluster)
    {
        try
        {
            File.Delete(paths.HistoryFile(cluster));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it grows old by itself.
        }
    }

    private static List<PastLook> Read(string file, DateTimeOffset now, out int lines, out bool whole)
    {
        (lines, whole) = (0, true);
        var looks = new List<PastLook>();
        try
        {
            RegularFile.Demand(file);
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaximumBytes)
            {
                whole = false;
                stream.Seek(-MaximumBytes, SeekOrigin.End);
            }
            using var reader = new StreamReader(stream, Encoding.UTF8);
            for (; reader.ReadLine() is { } line; lines++)
                if (Parse(line) is { } look && look.At <= now && now - look.At <= MaximumAge)
                    looks.Add(look);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // None, or none for us.
        }
        // Several may write at once, and a clock may have been set back.
        return [.. looks.OrderBy(l => l.At)];
    }

    private static PastLook? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, PastLookJson.Default.PastLook);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Line(PastLook look) => JsonSerializer.Serialize(look, PastLookJson.Default.PastLook) + "\n";

    /// <summary>One write at the end of the file: two that look at the same time do not mix their lines.</summary>
    private static void Append(string file, string line)
    {
        using var stream = new FileStream(file, Private(FileMode.Append));
        stream.Write(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>
    /// Renamed over the old one: a reader never finds half of it. What another process appends meanwhile is one look lost.
    /// </summary>
    private static void Replace(string file, IReadOnlyList<PastLook> looks)
    {
        var next = $"{file}.{Environment.ProcessId}.new";
        try
        {
            RegularFile.Demand(next);
            using (var stream = new FileStream(next, Private(FileMode.Create)))
                stream.Write(Encoding.UTF8.GetBytes(string.Concat(looks.Select(Line))));
            File.Move(next, file, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(next);
            throw;
        }
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Whoever was killed in mid-write must not take the next line with it.</summary>
    private static bool EndsInLine(string file)
    {
        if (!File.Exists(file))
            return true;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length == 0)
            return true;
        stream.Seek(-1, SeekOrigin.End);
        return stream.ReadByte() == '\n';
    }
}
