using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>One command: asks the master, or runs the client, and tells a command's own failure from ssh's and sudo's.</summary>
internal static class SshSession
{
    private static readonly TimeSpan KillPatience = TimeSpan.FromMilliseconds(500);

    /// <returns>null when the master gave no session: nothing ran, and another way may be tried.</returns>
    public static async Task<RemoteResult?> RunSharedAsync(
        RemoteHost host, RemoteCommand command, SshMaster master, CancellationToken cancellation)
    {
        var timeout = command.Timeout ?? host.Ssh.CommandTimeout;
        var stamp = master.Stamp;
        var clock = Stopwatch.StartNew();
        ProcessResult? ended;
        try
        {
            var carried = RemoteCommandLine.OnInput(command, host.Ssh, timeout);
            ended = await RunOnAsync(master, host, carried, RemoteCommandLine.ForLoginShell, timeout, cancellation);
        }
        catch (ProcessCanceledException canceled)
        {
            if (RemoteCommandLine.Began(canceled.Partial.Error).ProcessId is { } processId)
                await KillAsync(host, master, processId);
            throw;
        }
        if (ended is not { } result)
        {
            // The master speaks of the seconds before as well: a host that has just come back must not be called silent. A login tells.
            var satThrough = clock.Elapsed >= SshArguments.MostOfTheSilence;
            return satThrough && master.PeerWentSilent ? throw SshFailure.WentSilent(host, command.Name) : null;
        }
        var (began, error) = RemoteCommandLine.Began(result.Error);
        if (result.TimedOut)
        {
            // The host may be frozen: who comes next must not wait on this connection.
            await master.DropAsync();
            throw SshFailure.CommandTimedOut(host, command.Name, timeout);
        }
        // 255 is also what a command may end with; it is ssh's when the connection is not there any more.
        if (result.ExitCode == SshFailure.ExitCode && (master.Stamp != stamp || !await master.AnswersAsync(cancellation)))
            throw master.PeerWentSilent ? SshFailure.WentSilent(host, command.Name) : SshFailure.ConnectionLost(host, command.Name);
        return Checked(host, command, result, began, error);
    }

    public static async Task<RemoteResult> RunSingleAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var timeout = command.Timeout ?? host.Ssh.CommandTimeout;
        var both = timeout + host.Ssh.ConnectTimeout;
        var arguments = SshArguments.Single(host, RemoteCommandLine.ForLoginShell);
        var result = await RunAsync(host, RemoteCommandLine.OnInput(command, host.Ssh, timeout), arguments, both, cancellation);
        var (began, error) = RemoteCommandLine.Began(result.Error);
        if (result.TimedOut)
            throw began is null
                ? SshFailure.ConnectTimedOut(host, command.Name, both)
                : SshFailure.CommandTimedOut(host, command.Name, timeout);
        if (result.ExitCode == SshFailure.ExitCode && began is not null && SshFailure.IsConnectionLost(error))
            throw SshFailure.ConnectionLost(host, command.Name);
        return Checked(host, command, result, began, error);
    }

    /// <summary>Tells the command's own words and exit code from those of sshd, of the login shell and of sudo.</summary>
    public static RemoteResult Checked(RemoteHost host, RemoteCommand command, ProcessResult result)
    {
        var (began, error) = RemoteCommandLine.Began(result.Error);
        return Checked(host, command, result, began, error);
    }

    private static RemoteResult Checked(RemoteHost host, RemoteCommand command, ProcessResult result, int? began, string error)
    {
        if (began is null)
            throw result.ExitCode == SshFailure.ExitCode
                ? SshFailure.Of(host, command.Name, error)
                : SshFailure.OfLoginShell(host, command.Name, result);
        var (greeting, output) = RemoteCommandLine.Said(result.Output);
        var tooLong = output.Length > command.OutputLimit;
        var answer = new RemoteResult(result.ExitCode, tooLong ? output[..command.OutputLimit] : output, error, result.Took)
        {
            Truncated = result.Truncated || tooLong,
            Greeting = greeting,
        };
        return RemoteCommandLine.NeedsSudo(command, host.Ssh) ? SudoFailure.Check(host, command.Name, answer) : answer;
    }

    /// <returns>null when the master gave no session.</returns>
    private static async Task<ProcessResult?> RunOnAsync(
        SshMaster master, RemoteHost host, RemoteCommand command, string commandLine, TimeSpan timeout, CancellationToken cancellation)
    {
        if (MuxSession.IsSupported)
            return await MuxSession.RunAsync(master.ControlPath, commandLine, command, timeout, cancellation);
        var result = await RunAsync(host, command, SshArguments.Shared(host, master.ControlPath, commandLine), timeout, cancellation);
        var (began, error) = RemoteCommandLine.Began(result.Error);
        return result.ExitCode == SshFailure.ExitCode && began is null && SshFailure.IsNotShared(error) ? null : result;
    }

    private static async Task<ProcessResult> RunAsync(
        RemoteHost host, RemoteCommand command, IReadOnlyList<string> arguments, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await ChildProcess.RunAsync(
                new(SshArguments.Program, arguments)
                {
                    StandardInput = command.StandardInput,
                    WriteInput = command.WriteInput,
                    Timeout = timeout,
                    OutputLimit = command.OutputLimit,
                    Environment = SshArguments.Environment,
                },
                cancellation);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw SshFailure.NoClient(host, command.Name, exception);
        }
    }

    /// <summary>
    /// ssh does not pass our signals on without a terminal. Best effort: the bound on the remote side ends it in any case.
    /// </summary>
    private static async Task KillAsync(RemoteHost host, SshMaster master, int processId)
    {
        try
        {
            var kill = RemoteCommandLine.Kill(processId);
            await RunOnAsync(master, host, new("kill"), kill, KillPatience, CancellationToken.None);
        }
        catch (AdapterException)
        {
            // No ssh any more.
        }
    }
}
