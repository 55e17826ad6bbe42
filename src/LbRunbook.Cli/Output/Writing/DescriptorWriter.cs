using System.Runtime.InteropServices;
using System.Text;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output.Writing;

/// <summary>
/// A descriptor, written at once and honestly: the runtime's own console keeps a closed pipe to itself, and we have to tell what was lost.
/// After a failure in the middle of a line the next text begins a line of its own.
/// </summary>
internal sealed partial class DescriptorWriter(int descriptor) : TextWriter
{
    private const int Interrupted = 4;
    private const int Closed = 9;
    private const int Again = 11;
    private const int GetFlags = 1;
    private const short Writable = 4;

    private readonly bool _given = IsGiven(descriptor);
    private bool _midLine;
    private bool _failed;

    public override Encoding Encoding { get; } = Console.OutputEncoding;

    /// <summary>
    /// Whoever started us may have closed it (<c>&gt;&amp;-</c>): the number then belongs to the first thing that is opened, the runtime's
    /// own pipes or a journal. What was given to us survived an exec, so it does not close on one; what this process opens does.
    /// </summary>
    public static bool IsGiven(int descriptor) => Control(descriptor, GetFlags) == 0;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        WriteAll(Encoding.GetBytes(_failed && _midLine ? "\n" + value : value));
    }

    private void WriteAll(ReadOnlySpan<byte> bytes)
    {
        if (!_given)
            Fail(Closed);
        while (bytes.Length > 0)
        {
            var written = WriteTo(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written > 0)
            {
                _midLine = bytes[(int)written - 1] != '\n';
                bytes = bytes[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Again)
                Wait();
            else if (error != Interrupted)
                Fail(error);
        }
        _failed = false;
    }

    private void Fail(int error)
    {
        _failed = true;
        throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
    }

    /// <summary>Whoever we share a terminal with may have made it non-blocking.</summary>
    private void Wait()
    {
        var wanted = new PollDescriptor { Descriptor = descriptor, Events = Writable };
        _ = Poll(ref wanted, 1, -1);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Seen;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);
}
