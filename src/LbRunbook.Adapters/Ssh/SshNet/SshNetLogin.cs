using System.Globalization;
using LbRunbook.Core.Ports;
using Renci.SshNet;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>Logs in to one host, through its jump hosts where it has some.</summary>
internal static class SshNetLogin
{
    /// <summary>A jump host whose own way leads back to itself.</summary>
    private const int MostHops = 8;

    /// <summary>A channel that is closed by us is not waited for: its host may be frozen.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>How long input may wait until the command reads on. During the login the wait for each answer is shorter.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <exception cref="AdapterException">It failed, and why.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public static Task<SshNetConnection> OpenAsync(RemoteHost host, string operation, CancellationToken cancellation) =>
        OpenAsync(host, operation, hops: 0, cancellation);

    private static async Task<SshNetConnection> OpenAsync(RemoteHost host, string operation, int hops, CancellationToken cancellation)
    {
        var settings = await SshSettings.ReadAsync(host, operation, cancellation);
        if (settings.ProxyCommand is not null)
        {
            throw new AdapterException(host.Name, operation,
                $"ssh_config reaches {SshFailure.Label(host)} through a ProxyCommand, which only the OpenSSH client runs: "
                    + "set ssh: {client: openssh} for it, and no LBCTL_SSH=built-in.");
        }
        if (hops > MostHops)
            throw new AdapterException(host.Name, operation, $"{SshFailure.Label(host)} is behind more than {MostHops} jump hosts.");
        var way = settings.Jump is { } jump ? await ThroughAsync(host, settings, jump, operation, hops, cancellation) : null;
        try
        {
            // The library blocks where it waits. On a thread of its own it keeps no other host waiting.
            return await Task.Factory.StartNew(() => Connect(host, settings, operation, way), cancellation,
                TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch
        {
            way?.Dispose();
            throw;
        }
    }

    private static async Task<JumpWay> ThroughAsync(
        RemoteHost host, SshSettings settings, string jump, string operation, int hops, CancellationToken cancellation)
    {
        try
        {
            var last = await OpenAsync(JumpWay.Last(host, jump, SshProgram.IsThere), operation, hops + 1, cancellation);
            return JumpWay.Over(last, settings);
        }
        catch (AdapterException failure)
        {
            throw new AdapterException(host.Name, operation, $"The jump host of {SshFailure.Label(host)}: {failure.Message}", failure.Reach,
                failure.IsTransient, failure);
        }
    }

    private static SshNetConnection Connect(RemoteHost host, SshSettings settings, string operation, JumpWay? way)
    {
        var limit = host.Ssh.ConnectTimeout;
        var keys = new LoginKeys([], []);
        HostKeyCheck? check = null;
        SshClient? client = null;
        try
        {
            keys = LoginKeys.Of(settings, limit);
            var (address, port) = way?.EndPoint ?? (settings.HostName, settings.Port);
            // Not disposed: the client works with it to its end, and there is nothing in it but a wait handle.
            var method = new PrivateKeyAuthenticationMethod(settings.User, [.. keys.Keys]);
            var info = new ConnectionInfo(address, port, settings.User, method)
            {
                Timeout = limit,
                ChannelCloseTimeout = CloseTimeout,
                // More than are given out: the question whether the host still answers never waits behind commands.
                MaxSessions = 1000,
                RetryAttempts = 1,
            };
            check = new HostKeyCheck(KnownHosts.Read(settings.KnownHosts), settings.KeyNames, settings.AcceptsNewHostKeys);
            client = check.Client(info);
            client.Connect();
            if (!client.IsConnected)
                throw new Renci.SshNet.Common.SshConnectionException("An established connection was aborted by the server.");
            info.Timeout = Patience;
            if (check.IsNew)
                Record(settings, check);
            return new SshNetConnection(client, way);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            client?.Dispose();
            throw SshNetFailure.Of(host, operation, way?.Failure ?? exception, check, keys.Remarks);
        }
    }

    /// <summary>What ssh does where StrictHostKeyChecking says that a key nobody knows is to be believed.</summary>
    private static void Record(SshSettings settings, HostKeyCheck check)
    {
        try
        {
            if (settings.KnownHosts is [var file, ..])
            {
                File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture,
                    $"{check.Names[0]} {KnownHosts.TypeOf(check.Key)} {Convert.ToBase64String(check.Key)}\n"));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the next login believes it anew, as ssh does.
        }
    }
}
