using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// One login, which any number of commands share. It is given up when one of them got no answer, and ends with the last that runs on it.
/// </summary>
internal sealed class SshNetConnection : IDisposable
{
    private readonly IDisposable? _way;
    private readonly Pulse _pulse;
    private readonly Lock _gate = new();
    private int _running;
    private bool _dropped;
    private bool _disposed;

    /// <param name="way">What it goes through, and ends with it.</param>
    public SshNetConnection(SshClient client, IDisposable? way)
    {
        Client = client;
        _way = way;
        _pulse = new Pulse(Ask);
    }

    public SshClient Client { get; }

    /// <summary>Ends when the host has not answered for <see cref="SshArguments.Silence"/> while a command was running.</summary>
    public Task Silent => _pulse.Silent;

    public bool IsAlive
    {
        get
        {
            lock (_gate)
                return !_dropped && !_disposed && Client.IsConnected;
        }
    }

    /// <returns>False when it has been given up: nothing can run on it any more.</returns>
    public bool TryBegin()
    {
        lock (_gate)
        {
            if (_dropped || _disposed)
                return false;
            _running++;
        }
        _pulse.Begin();
        return true;
    }

    public void End()
    {
        _pulse.End();
        bool last;
        lock (_gate)
            last = --_running == 0 && _dropped;
        if (last)
            Dispose();
    }

    /// <summary>Something came from the host.</summary>
    public void Heard() => _pulse.Heard();

    /// <summary>No new command uses this connection; those that run on it are not cut.</summary>
    public void Drop()
    {
        bool last;
        lock (_gate)
        {
            _dropped = true;
            last = _running == 0;
        }
        if (last)
            Dispose();
    }

    /// <summary>Ends the connection and everything on it. Saying good-bye blocks where the host is frozen: nobody waits for it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        _pulse.Dispose();
        Ending = Task.Factory.StartNew(Close, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>The end of a connection that was disposed of.</summary>
    public Task Ending { get; private set; } = Task.CompletedTask;

    private void Close()
    {
        try
        {
            Client.Dispose();
        }
        catch (Exception exception) when (SshNetFailure.IsLost(exception) || exception is SshException)
        {
            // It is over either way.
        }
        _way?.Dispose();
    }

    /// <summary>
    /// Asks for a session: the one question that a server must answer, with yes or no. The library's own sign of life asks for nothing, so
    /// that a frozen host goes unnoticed.
    /// </summary>
    private void Ask()
    {
        try
        {
            using var question = Client.CreateCommand(":", Encoding.UTF8);
            // It ends by itself at once; that it was begun is the answer.
            _ = question.ExecuteAsync(CancellationToken.None);
        }
        catch (Exception exception) when (SshNetFailure.IsNoSession(exception) || SshNetFailure.IsLost(exception))
        {
            // "No more sessions" is an answer, and a connection that is gone says so to those who wait on it.
        }
    }
}
