using System.Diagnostics;
using System.Text;
using LbRunbook.Adapters.Processes;
using Renci.SshNet;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// One command on a connection. What the library blocks for (a session, a reader of the input) happens on a thread of the command's own;
/// its tokens are not used, since cancelling by them asks the server to signal the command, which sshd refuses for root.
/// </summary>
internal sealed class SshNetSession : IDisposable
{
    /// <summary>Often enough that what came in between is no burden, seldom enough that waiting costs nothing.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);

    private readonly SshNetConnection _connection;
    private readonly SshCommand _command;
    private readonly RemoteCommand _what;
    private readonly BoundedText _output, _error;
    private readonly StreamTail _outputTail, _errorTail;
    private readonly TaskCompletionSource<Task> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <param name="commandLine">For the other side's shell; of <paramref name="what"/> only its input and its limit on output
    /// count.</param>
    public SshNetSession(SshNetConnection connection, string commandLine, RemoteCommand what)
    {
        _connection = connection;
        _what = what;
        _command = connection.Client.CreateCommand(commandLine, Encoding.UTF8);
        _output = new(what.OutputLimit);
        _error = new(what.OutputLimit);
        _outputTail = new(_command.OutputStream, _output);
        _errorTail = new(_command.ExtendedOutputStream, _error);
    }

    /// <summary>From here on something of ours may run. Until then the shell there waits for a line that nobody has sent.</summary>
    public bool InputBegan { get; private set; }

    /// <returns>As if ssh had run it; a result that timed out when the host fell silent, too.</returns>
    /// <exception cref="ProcessCanceledException"></exception>
    /// <exception cref="Exception">The library's: no session, or the connection is gone.</exception>
    public async Task<ProcessResult> RunAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        _ = Task.Factory.StartNew(BeginAndWrite, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await Task.WhenAny(_begun.Task, _connection.Silent).WaitAsync(either.Token);
            if (!_begun.Task.IsCompleted)
                return Result(-1, timedOut: true);
            var ended = await _begun.Task;
            _connection.Heard();
            while (!ended.IsCompleted)
            {
                await Task.WhenAny(ended, _connection.Silent, Task.Delay(Poll, either.Token));
                either.Token.ThrowIfCancellationRequested();
                if (Drain())
                    _connection.Heard();
                if (_connection.Silent.IsCompleted && !ended.IsCompleted)
                    return Result(-1, timedOut: true);
            }
            Drain();
            await ended;
            _connection.Heard();
            return Result(_command.ExitStatus ?? SshFailure.ExitCode, timedOut: false);
        }
        catch (OperationCanceledException)
        {
            Drain();
            var partial = Result(-1, timedOut: true);
            return cancellation.IsCancellationRequested ? throw new ProcessCanceledException(partial, cancellation) : partial;
        }
        finally
        {
            await _ended.CancelAsync();
        }
    }

    /// <summary>Closing a session that is still open waits for the other side: not on our time.</summary>
    public void Dispose() => _ = Task.Run(Close);

    private void Close()
    {
        try
        {
            _command.Dispose();
        }
        catch (Exception exception) when (SshNetFailure.IsLost(exception))
        {
            // The connection went first.
        }
    }

    private void BeginAndWrite()
    {
        try
        {
            // Blocks until the server has given a session and begun the command line there.
            var ended = _command.ExecuteAsync(CancellationToken.None);
            InputBegan = true;
            using var stream = new InputStream(_command.CreateInputStream());
            _begun.SetResult(ended);
            if (_what.WriteInput is { } write)
                write(stream, _ended.Token).GetAwaiter().GetResult();
            else if (_what.StandardInput is { } input)
                stream.Write(Encoding.UTF8.GetBytes(input));
        }
        catch (Exception exception) when (_begun.TrySetException(exception))
        {
            // Told to who waits for it.
        }
        catch (Exception exception) when (SshNetFailure.IsLost(exception) || exception is IOException or OperationCanceledException)
        {
            // The command left without reading its input: its exit code and stderr tell more than this.
        }
    }

    private bool Drain() => _outputTail.Drain() | _errorTail.Drain();

    private ProcessResult Result(int exitCode, bool timedOut) =>
        new(exitCode, _output.Text, _error.Text, timedOut, _output.Truncated || _error.Truncated, _clock.Elapsed);
}
