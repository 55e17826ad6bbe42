using System.Buffers;
using System.Text;
using LbRunbook.Core.Files;

namespace LbRunbook.Core.Config;

/// <summary>Reads a file that may be anything: bounded, strictly UTF-8, with a problem instead of an exception.</summary>
internal static class ConfigFile
{
    /// <summary>A thousand nodes fit; a device or a log given by mistake does not fill the memory.</summary>
    public const int LargestBytes = 1024 * 1024;

    private static readonly TimeSpan PipeLimit = TimeSpan.FromSeconds(10);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string? ReadText(string path, ProblemList problems)
    {
        try
        {
            var kind = RegularFile.WhyNot(path);
            if (kind is not null && !(kind == RegularFile.Pipe && IsOurs(path)))
                return Refuse(problems, $"this is {kind}, not a file");
            var bytes = kind is null ? Bytes(path) : BytesOfPipe(path);
            if (bytes is null)
                return Refuse(problems, $"nothing came to an end in this pipe within {PipeLimit.TotalSeconds:0} s");
            return bytes.Length > LargestBytes ? Refuse(problems, TooLarge) : Decode(bytes, problems);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Refuse(problems, "the file does not exist");
        }
        catch (UnauthorizedAccessException)
        {
            return Refuse(problems, $"the file cannot be read: permission denied for user {Environment.UserName}");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            return Refuse(problems, $"the file cannot be read: {e.Message}");
        }
    }

    /// <summary>
    /// What the shell has opened for us: <c>--config &lt;(…)</c>. A FIFO of the file system waits for somebody who may never come.
    /// </summary>
    private static bool IsOurs(string path) => path is "/dev/stdin"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    private static byte[] Bytes(string path)
    {
        var buffer = new byte[LargestBytes + 1];
        using var file = File.OpenRead(path);
        // Not File.ReadAllBytes: pipes have no length, and a log may grow while it is read.
        return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
    }

    /// <returns>Null when it did not end in time; whoever waits for it then is left to wait.</returns>
    private static byte[]? BytesOfPipe(string path)
    {
        var reading = Task.Run(() => Bytes(path));
        return Task.WaitAny([reading], PipeLimit) == 0 ? reading.GetAwaiter().GetResult() : null;
    }

    /// <summary>Size and characters, also for text that did not come from a file.</summary>
    public static bool IsReadable(string text, ProblemList problems)
    {
        if (text.Length > LargestBytes) return Refuse(problems, TooLarge) is not null;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '\t' or '\n' or '\r' or '\uFEFF' || !char.IsControl(text[i])) continue;
            problems.Error(PositionOf(text.AsSpan(0, i)), $"a control character (U+{(int)text[i]:X4}); a configuration is plain text");
            return false;
        }
        return true;
    }

    private static string TooLarge => $"the file is too large; at most {LargestBytes / 1024} KiB";

    private static string? Decode(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes["\uFEFF"u8.Length..];
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            var good = StrictUtf8.GetString(bytes[..ValidLength(bytes)]);
            problems.Error(PositionOf(good), "this is not UTF-8 text; save the file as UTF-8");
            return null;
        }
    }

    private static int ValidLength(ReadOnlySpan<byte> bytes)
    {
        var index = 0;
        while (index < bytes.Length && Rune.DecodeFromUtf8(bytes[index..], out _, out var consumed) == OperationStatus.Done)
            index += consumed;
        return index;
    }

    private static Position PositionOf(ReadOnlySpan<char> before) =>
        new(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));

    private static string? Refuse(ProblemList problems, string message)
    {
        problems.Error(Position.Start, message);
        return null;
    }
}
