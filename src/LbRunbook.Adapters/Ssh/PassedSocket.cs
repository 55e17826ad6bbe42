using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// A stream whose other end another process of this machine holds: a socket pair, one end of which is given away over a UNIX socket
/// (SCM_RIGHTS). Linux alone, where a pair can be made that no child inherits: a child that did would keep the stream open.
/// </summary>
internal sealed partial class PassedSocket : IDisposable
{
    private const int Unix = 1;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int SocketLevel = 1;
    private const int Rights = 1;

    private int _theirs;

    private PassedSocket(int ours, int theirs)
    {
        Ours = new(new SafeSocketHandle(ours, ownsHandle: true));
        _theirs = theirs;
    }

    public Socket Ours { get; }

    /// <exception cref="SocketException">No more descriptors.</exception>
    public static PassedSocket Create()
    {
        var pair = new int[2];
        return socketpair(Unix, Stream | CloseOnExec, 0, pair) == 0
            ? new(pair[0], pair[1])
            : throw new SocketException((int)SocketError.TooManyOpenSockets, $"socketpair failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Gives the other end away, with one byte of its own, as ssh takes it; this process does not have it any more.</summary>
    /// <exception cref="SocketException">The receiver is gone.</exception>
    public async Task SendOverAsync(Socket carrier, CancellationToken cancellation)
    {
        while (!TrySend(carrier))
            await Task.Delay(1, cancellation);
        Close();
    }

    public void Dispose()
    {
        Close();
        Ours.Dispose();
    }

    private void Close()
    {
        if (Interlocked.Exchange(ref _theirs, -1) is >= 0 and var descriptor)
            _ = close(descriptor);
    }

    /// <returns>False when the carrier is full for the moment.</returns>
    private unsafe bool TrySend(Socket carrier)
    {
        const int Interrupted = 4;
        const int TryAgain = 11;
        byte nothing = 0;
        var part = new Part { Base = (nint)(&nothing), Length = 1 };
        var control = new Control
        {
            Length = sizeof(ControlHeader) + sizeof(int),
            Level = SocketLevel,
            Type = Rights,
            Descriptor = _theirs,
        };
        var message = new Message { Parts = (nint)(&part), PartCount = 1, Control = (nint)(&control), ControlLength = sizeof(Control) };
        if (sendmsg(carrier.SafeHandle, in message, 0) == 1)
            return true;
        var error = Marshal.GetLastPInvokeError();
        return error is TryAgain or Interrupted
            ? false
            : throw new SocketException((int)SocketError.ConnectionReset, Marshal.GetPInvokeErrorMessage(error));
    }

    /// <summary>iovec</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Part
    {
        public nint Base;
        public nint Length;
    }

    /// <summary>msghdr of glibc; musl's is the same bytes on little-endian machines.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public nint Name;
        public int NameLength;
        public nint Parts;
        public nint PartCount;
        public nint Control;
        public nint ControlLength;
        public int Flags;
    }

    /// <summary>cmsghdr</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ControlHeader
    {
        public nint Length;
        public int Level;
        public int Type;
    }

    /// <summary>cmsghdr with one descriptor after it, padded to the next word as CMSG_SPACE does.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Control
    {
        public nint Length;
        public int Level;
        public int Type;
        public int Descriptor;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int domain, int type, int protocol, [Out] int[] pair);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(SafeSocketHandle socket, in Message message, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
