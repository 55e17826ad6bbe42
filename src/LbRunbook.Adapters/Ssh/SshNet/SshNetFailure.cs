using System.Net.Sockets;
using LbRunbook.Core.Ports;
using Renci.SshNet.Common;

namespace LbRunbook.Adapters.Ssh.SshNet;

/// <summary>
/// Says what the library threw in the OpenSSH client's words, so that one table (<see cref="SshFailure"/>) tells what they mean and what
/// leads out, whichever client it was.
/// </summary>
internal static class SshNetFailure
{
    /// <param name="check">What the host's key was found to be, if it came so far.</param>
    /// <param name="remarks">Of keys that could not be shown.</param>
    public static AdapterException Of(
        RemoteHost host, string operation, Exception exception, HostKeyCheck? check, IReadOnlyList<string> remarks)
    {
        if (exception is AdapterException already)
            return already;
        if (!SshProgram.IsThere && check is { Verdict: HostKeyVerdict.Unknown or HostKeyVerdict.Changed })
            return HostKeyAdvice.Of(host, operation, check);
        if (check?.Verdict is not (null or HostKeyVerdict.Known))
            return SshFailure.Of(host, operation, OfHostKey(check.Verdict.Value));
        if (exception is SshOperationTimeoutException)
            return SshFailure.ConnectTimedOut(host, operation, host.Ssh.ConnectTimeout);
        return SshFailure.Of(host, operation, Words(host, exception, remarks));
    }

    /// <summary>The connection is gone: what runs on it, or would have, never answers.</summary>
    public static bool IsLost(Exception exception) =>
        exception is SshException or SocketException or IOException or InvalidOperationException;

    /// <summary>sshd gives this connection no more sessions (MaxSessions): nothing ran.</summary>
    public static bool IsNoSession(Exception exception) =>
        exception.GetType() == typeof(SshException) && exception.Message.StartsWith("Failed to open a channel", StringComparison.Ordinal);

    private static string OfHostKey(HostKeyVerdict verdict) => verdict switch
    {
        HostKeyVerdict.Changed => "REMOTE HOST IDENTIFICATION HAS CHANGED",
        HostKeyVerdict.Revoked => "REVOKED HOST KEY DETECTED",
        _ => "Host key verification failed",
    };

    private static string Words(RemoteHost host, Exception exception, IReadOnlyList<string> remarks) => exception switch
    {
        SshAuthenticationException => Denied(exception.Message, remarks),
        SocketException socket => OfSocket(host, socket),
        _ when exception.InnerException is SocketException socket => OfSocket(host, socket),
        // The host showed a key and could not prove that it is its own; the library says so before anybody is asked to trust it.
        SshConnectionException when exception.Message.Contains("Host key could not be verified", StringComparison.Ordinal) =>
            "Host key verification failed",
        SshConnectionException when exception.Message.Contains("before a valid SSH identification", StringComparison.Ordinal) =>
            "kex_exchange_identification: Connection closed by remote host",
        SshConnectionException when exception.Message.Contains("aborted by the server", StringComparison.Ordinal) =>
            "Connection closed by remote host",
        _ => exception.Message.Split('\n')[0].Trim(),
    };

    /// <summary>Of several methods that were tried the library names the last one, or all that the server would take.</summary>
    private static string Denied(string said, IReadOnlyList<string> remarks)
    {
        var open = said.IndexOf('(', StringComparison.Ordinal);
        var close = said.IndexOf(')', StringComparison.Ordinal);
        var methods = open >= 0 && close > open ? said[(open + 1)..close] : "publickey";
        return string.Join("; ", [$"Permission denied ({methods})", .. remarks]);
    }

    private static string OfSocket(RemoteHost host, SocketException socket) => socket.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "Connection refused",
        SocketError.HostUnreachable => "No route to host",
        SocketError.NetworkUnreachable => "Network is unreachable",
        SocketError.HostDown => "Host is down",
        SocketError.TimedOut => "Connection timed out",
        // Before anything was said to us: what sshd does above MaxStartups.
        SocketError.ConnectionReset or SocketError.ConnectionAborted => "kex_exchange_identification: Connection reset by peer",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"Could not resolve hostname {host.Host}",
        _ => socket.Message,
    };
}
