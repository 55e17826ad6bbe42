using System.Security.Cryptography;
using System.Text;
using LbRunbook.Adapters.Processes;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// The shared connection to one host: a background ssh that later ones borrow through its control socket.
/// It is started on its own (<c>-M -N -f</c>), not by the first command: that costs one local process (about 5 ms) more,
/// and in return a failed login is never mistaken for a failed command, and any number of first commands wait for one handshake.
/// </summary>
internal sealed class SshMaster
{
    // sun_path is 104 bytes on the smallest system, and ssh first binds a name with 17 characters more.
    private const int LongestPath = 104 - 1 - 17;
    private static readonly TimeSpan ControlTimeout = TimeSpan.FromSeconds(1);

    private readonly RemoteHost _host;
    private readonly string _id;
    private readonly string? _directory;
    private readonly TimeSpan _persist;
    private readonly Lock _gate = new();
    private readonly CancellationToken _shutdown;
    private readonly Lazy<ConnectGuard> _guard = new(() => new(TimeProvider.System));
    private Task<bool>? _starting;

    /// <param name="directory">Null = connections are not shared.</param>
    public SshMaster(RemoteHost host, string? directory, TimeSpan persist, CancellationToken shutdown)
    {
        _host = host;
        _persist = persist;
        _shutdown = shutdown;
        _id = Hash(Identity(host));
        ControlPath = Path.Combine(directory ?? "", "m-" + _id);
        _directory = Encoding.UTF8.GetByteCount(ControlPath) <= LongestPath ? directory : null;
    }

    public string ControlPath { get; }
    public string LogFile => ControlPath + ".log";

    /// <summary>Counts the connections that were given up: what was set up on an older one has to be set up again.</summary>
    public int Generation { get; private set; }

    /// <summary>When the control socket came to be: another value is another connection.</summary>
    public DateTime Stamp => File.GetLastWriteTimeUtc(ControlPath);

    /// <summary>Everything that makes a login a different one; two logins that differ never share a connection.</summary>
    public static string Identity(RemoteHost host) =>
        string.Join('\n', host.Host, host.Ssh.User, host.Ssh.Port, host.Ssh.Identity, host.Ssh.Jump, host.Ssh.KnownHosts,
            host.Ssh.HostKeyAlias);

    /// <summary>Same in every process, so that the next one finds what this one left.</summary>
    public string LocalSocket(string remotePath) => Path.Combine(_directory ?? "", $"f-{_id}-{Hash(remotePath)}");

    /// <returns>False when connections to this host cannot be shared: use one for each command.</returns>
    public async Task<bool> EnsureAsync(string operation, CancellationToken cancellation)
    {
        if (_directory is null)
            return false;
        if (await MuxSocket.AnswersAsync(ControlPath, cancellation))
            return true;
        Task<bool> starting;
        lock (_gate)
        {
            // One start for all who wait, and one failure: fifty commands on a dead host must not each wait for it in turn.
            if (_starting is null or { IsCompleted: true })
                _starting = Task.Run(() => _guard.Value.RunAsync(_ => StartAsync(operation), _shutdown), _shutdown);
            starting = _starting;
        }
        return await starting.WaitAsync(cancellation);
    }

    public Task<bool> AnswersAsync(CancellationToken cancellation) => MuxSocket.AnswersAsync(ControlPath, cancellation);

    /// <summary>No new command uses this connection; those that run on it are not cut.</summary>
    public Task DropAsync() => EndAsync("stop");

    /// <summary>Ends the connection and everything on it.</summary>
    public Task CloseAsync() => _directory is null || !File.Exists(ControlPath) ? Task.CompletedTask : EndAsync("exit");

    /// <exception cref="OperationCanceledException"></exception>
    public Task<ProcessResult> ControlAsync(string operation, CancellationToken cancellation, params string[] more) =>
        ChildProcess.RunAsync(
            new(SshArguments.Program, SshArguments.Control(_host, ControlPath, operation, more))
            {
                Timeout = ControlTimeout,
                Environment = SshArguments.Environment,
            },
            cancellation);

    private async Task EndAsync(string operation)
    {
        Generation++;
        var ended = await ControlAsync(operation, CancellationToken.None);
        // A master that does not listen any more would be found by every later command.
        if (!ended.Ok)
            File.Delete(ControlPath);
    }

    private async Task<bool> StartAsync(string operation)
    {
        var limit = _host.Ssh.ConnectTimeout;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_shutdown);
        // The other process that holds the lock is bounded in the same way; then it is our turn.
        patience.CancelAfter(limit + limit);
        try
        {
            await using var alone = await FileLock.AcquireAsync(ControlPath + ".lock", patience.Token);
            if (await MuxSocket.AnswersAsync(ControlPath, patience.Token))
                return true;
            // What is left of a killed master: ssh would see it as "already exists" and not listen.
            File.Delete(ControlPath);
            File.Delete(LogFile);
            // A master that is held up still listens on what it has forwarded, and answers nobody there.
            foreach (var forwarded in Directory.EnumerateFiles(_directory!, $"f-{_id}-*"))
                File.Delete(forwarded);
            Generation++;
            var arguments = SshArguments.Master(_host, ControlPath, LogFile, _persist);
            var login = await ChildProcess.RunAsync(
                new(SshArguments.Program, arguments)
                {
                    Timeout = limit,
                    Environment = SshArguments.Environment,
                    Detaches = true,
                }, patience.Token);
            if (login.TimedOut)
                throw SshFailure.ConnectTimedOut(_host, operation, limit);
            if (login.Ok)
                return await MuxSocket.AnswersAsync(ControlPath, patience.Token);
            var error = await ProxyFailure.OfAsync(_host, ReadLog() + login.Error, limit, patience.Token);
            return IsAboutSharing(error) ? false : throw SshFailure.Of(_host, operation, error);
        }
        catch (OperationCanceledException) when (!_shutdown.IsCancellationRequested)
        {
            throw SshFailure.ConnectTimedOut(_host, operation, limit + limit);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw SshFailure.NoClient(_host, operation, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The master ended since its peer was silent for too long.</summary>
    public bool PeerWentSilent => ReadLog().Contains("not responding", StringComparison.Ordinal);

    /// <summary>What the master said since <paramref name="offset"/>.</summary>
    public string ReadLog(long offset = 0)
    {
        try
        {
            using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            log.Seek(Math.Min(offset, log.Length), SeekOrigin.Begin);
            return new StreamReader(log).ReadToEnd();
        }
        catch (IOException)
        {
            return "";
        }
    }

    public long LogLength => new FileInfo(LogFile) is { Exists: true } log ? log.Length : 0;

    private static bool IsAboutSharing(string error) =>
        error.Contains("unix_listener", StringComparison.Ordinal) || error.Contains("muxserver", StringComparison.Ordinal)
        || error.Contains("too long for Unix domain socket", StringComparison.Ordinal)
        || error.Contains("ControlPath", StringComparison.Ordinal);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 6));
}
