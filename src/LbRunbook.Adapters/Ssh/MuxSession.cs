using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// One command on a master's connection, asked of the master itself. An ssh client between would do exactly this, for a process of
/// its own each time: 20 ms of CPU, sixty times in a failover.
/// </summary>
internal sealed class MuxSession : IDisposable
{
    private const uint NewSession = 0x10000002;
    private const uint SessionOpened = 0x80000006;
    private const uint ExitMessage = 0x80000004;
    private const uint RequestId = 1;
    private const uint NoEscape = 0xffffffff;

    /// <summary>What ssh ends with itself when it never heard how the command ended.</summary>
    private const int Lost = 255;

    private readonly MuxConnection _master;
    private readonly PassedSocket _input = PassedSocket.Create();
    private readonly PassedSocket _output = PassedSocket.Create();
    private readonly PassedSocket _error = PassedSocket.Create();

    private MuxSession(MuxConnection master) => _master = master;

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <param name="commandLine">For the other side's shell; of <paramref name="command"/> only its input and its limit on output
    /// count.</param>
    /// <returns>As if ssh had run: 255 without a word when the connection broke. null when the master gave no session: nothing
    /// ran.</returns>
    /// <exception cref="ProcessCanceledException"></exception>
    public static async Task<ProcessResult?> RunAsync(
        string controlPath, string commandLine, RemoteCommand command, TimeSpan timeout, CancellationToken cancellation)
    {
        if (await MuxConnection.TryOpenAsync(controlPath, cancellation) is not { } master)
            return null;
        using (master)
        using (var session = TryCreate(master))
            return session is null ? null : await session.RunAsync(commandLine, command, timeout, cancellation);
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    /// <returns>null when this process may have no more descriptors.</returns>
    private static MuxSession? TryCreate(MuxConnection master)
    {
        try
        {
            return new(master);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task<ProcessResult?> RunAsync(string commandLine, RemoteCommand command, TimeSpan timeout, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var late = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var output = new BoundedText(command.OutputLimit);
        var error = new BoundedText(command.OutputLimit);
        ProcessResult Result(int exitCode, bool timedOut) =>
            new(exitCode, output.Text, error.Text, timedOut, output.Truncated || error.Truncated, clock.Elapsed);
        try
        {
            if (!await OpenAsync(commandLine, either.Token))
                return null;
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
            var readers = Task.WhenAll(ReadAsync(output, _output.Ours), ReadAsync(error, _error.Ours));
            var writer = WriteAsync(command, ended.Token);
            var exitCode = await ExitCodeAsync(either.Token);
            await ended.CancelAsync();
            await writer;
            await readers.WaitAsync(either.Token);
            return Result(exitCode, timedOut: false);
        }
        catch (OperationCanceledException)
        {
            var partial = Result(-1, timedOut: true);
            return cancellation.IsCancellationRequested ? throw new ProcessCanceledException(partial, cancellation) : partial;
        }
    }

    private async Task<bool> OpenAsync(string commandLine, CancellationToken cancellation)
    {
        // No terminal, X11, agent or subsystem. The variable is sent on where ssh_config's SendEnv lets it, as it is for ssh.
        var request = MuxConnection.Message(NewSession, RequestId, "", false, false, false, false, NoEscape, "", commandLine, "LC_ALL=C");
        try
        {
            await _master.SendFirstAsync(request, cancellation);
            foreach (var stream in (PassedSocket[])[_input, _output, _error])
                await stream.SendOverAsync(_master.Socket, cancellation);
        }
        catch (SocketException)
        {
            return false;
        }
        // Anything else is a refusal, such as of a server that gives this connection no more sessions.
        return await _master.ReadAsync(cancellation) is { } answer && MuxConnection.Number(answer, 0) == SessionOpened;
    }

    /// <summary>The master hangs up when the session is over, its output included.</summary>
    private async Task<int> ExitCodeAsync(CancellationToken cancellation)
    {
        var exitCode = Lost;
        while (await _master.ReadAsync(cancellation) is { } message)
        {
            if (MuxConnection.Number(message, 0) == ExitMessage)
                exitCode = (int)MuxConnection.Number(message, 2);
        }
        return exitCode;
    }

    private static async Task ReadAsync(BoundedText text, Socket socket)
    {
        try
        {
            using var reader = new StreamReader(new NetworkStream(socket), new UTF8Encoding(false));
            await text.ReadAsync(reader);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // We gave up: what was read until then is kept.
        }
    }

    private async Task WriteAsync(RemoteCommand command, CancellationToken ended)
    {
        try
        {
            await using (var stream = new NetworkStream(_input.Ours))
            {
                if (command.WriteInput is { } write)
                    await write(stream, ended);
                else if (command.StandardInput is { } input)
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(input), ended);
            }
            _input.Ours.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The command left without reading its input: its exit code and stderr tell more than this.
        }
    }
}
