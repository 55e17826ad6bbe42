using System.Net.Sockets;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Ssh.SshNet;
using LbRunbook.Core.Observations;
using Renci.SshNet.Common;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh.SshNet;

public sealed class SshNetFailureTests
{
    private static readonly RemoteHost Host = new("lb1", "10.0.0.10", new());

    public static TheoryData<Exception, Reach, string> Failures => new()
    {
        { new SocketException((int)SocketError.ConnectionRefused), Reach.Refused, "Connection refused" },
        { new SocketException((int)SocketError.HostUnreachable), Reach.Unreachable, "No route to host" },
        { new SocketException((int)SocketError.NetworkUnreachable), Reach.Unreachable, "Network is unreachable" },
        { new SocketException((int)SocketError.HostNotFound), Reach.Unreachable, "Could not resolve hostname 10.0.0.10" },
        { new SocketException((int)SocketError.TimedOut), Reach.TimedOut, "timed out" },
        { new SshOperationTimeoutException("Session operation has timed out"), Reach.TimedOut, "ssh.connectTimeout" },
        { new SshAuthenticationException("Permission denied (publickey)."), Reach.PermissionDenied,
            "Permission denied (publickey); a remark" },
        {
            new SshAuthenticationException("No suitable authentication method found to complete authentication (password)."),
            Reach.PermissionDenied, "Permission denied (password)"
        },
        {
            new SshConnectionException("The connection was closed by the server: Too many authentication failures (ProtocolError)."),
            Reach.PermissionDenied, "Too many authentication failures"
        },
        { new SshConnectionException("Host key could not be verified."), Reach.HostKeyChanged, "is not in" },
        { new SshConnectionException("An established connection was aborted by the server."), Reach.Refused, "closed" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Of_WhatTheLibraryThrows_IsToldAsSshTellsIt(Exception thrown, Reach expected, string words)
    {
        var failure = SshNetFailure.Of(Host, "ip addr", thrown, check: null, ["a remark"]);

        Assert.Equal((expected, "lb1"), (failure.Reach, failure.Target));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }

    /// <summary>sshd hangs up before its greeting when too many log in at once: then it is asked again.</summary>
    [Fact]
    public void Of_TurnedAwayBeforeTheGreeting_IsThrottled() =>
        Assert.True(SshFailure.IsThrottled(SshNetFailure.Of(Host, "x", new SshConnectionException(
            "The connection to the remote server was closed before a valid SSH identification string was received."), null, [])));
}
