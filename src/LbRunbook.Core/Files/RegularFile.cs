using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LbRunbook.Core.Files;

/// <summary>
/// Opening a FIFO waits for its other end, for ever and deaf to signals, and a device may have no end or do something when it is opened.
/// So what is read or written by name is asked first what it is. Whoever swaps the file in between owns that directory, and hangs itself.
/// </summary>
internal static partial class RegularFile
{
    public const string Pipe = "a pipe (FIFO)";

    private const int CurrentDirectory = -100;
    private const uint WantType = 1;

    /// <summary>struct statx is the same on every architecture; the mode is a 16-bit number at this place.</summary>
    private const int ModeOffset = 28;
    private const int StatxBytes = 256;
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;

    /// <returns>What stands there instead of a file ("a pipe (FIFO)"); null = a file, or nothing, or nobody can say: opening it
    /// tells.</returns>
    public static string? WhyNot(string path)
    {
        if (!OperatingSystem.IsLinux())
            return Directory.Exists(path) ? "a directory" : null;
        Span<byte> answer = stackalloc byte[StatxBytes];
        if (Statx(CurrentDirectory, path, 0, WantType, ref MemoryMarshal.GetReference(answer)) != 0)
            return null;
        return (BinaryPrimitives.ReadUInt16LittleEndian(answer[ModeOffset..]) & TypeMask) switch
        {
            Regular => null,
            0x1000 => Pipe,
            0x2000 or 0x6000 => "a device",
            0x4000 => "a directory",
            0xC000 => "a socket",
            _ => "no regular file",
        };
    }

    /// <exception cref="IOException">It is something else; the message names it.</exception>
    public static void Demand(string path)
    {
        if (WhyNot(path) is { } kind)
            throw new IOException($"{path} is {kind}, not a file");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte answer);
}
