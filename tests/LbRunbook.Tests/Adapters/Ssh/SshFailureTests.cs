using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class SshFailureTests
{
    private static readonly RemoteHost Host = new("lb1", "10.0.0.10", new SshOptions { User = "ops", Port = 2222 });

    [Theory]
    [InlineData("ssh: connect to host 10.0.0.10 port 22: Connection refused", Reach.Refused)]
    [InlineData("ssh: connect to host 10.0.0.10 port 22: No route to host", Reach.Unreachable)]
    [InlineData("ssh: connect to host 10.0.0.10 port 22: Network is unreachable", Reach.Unreachable)]
    [InlineData("ssh: connect to host 10.0.0.10 port 22: Connection timed out", Reach.TimedOut)]
    [InlineData("Connection timed out during banner exchange\nConnection to 10.0.0.10 port 22 timed out", Reach.TimedOut)]
    [InlineData("ssh: Could not resolve hostname lb1: Name or service not known", Reach.Unreachable)]
    [InlineData("ssh: Could not resolve hostname lb1: Temporary failure in name resolution", Reach.Unreachable)]
    [InlineData("kex_exchange_identification: Connection closed by remote host\nConnection closed by 10.0.0.10 port 22", Reach.Refused)]
    [InlineData("kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.10 port 22", Reach.Refused)]
    [InlineData("ops@10.0.0.10: Permission denied (publickey).", Reach.PermissionDenied)]
    [InlineData("Received disconnect from 10.0.0.10 port 22:2: Too many authentication failures", Reach.PermissionDenied)]
    [InlineData("WARNING: UNPROTECTED PRIVATE KEY FILE!\nPermissions 0644 for '/k' are too open.\nops@10.0.0.10: "
        + "Permission denied (publickey).", Reach.PermissionDenied)]
    [InlineData("No ED25519 host key is known for 10.0.0.10 and you have requested strict checking.\nHost key verification failed.",
        Reach.HostKeyChanged)]
    [InlineData("@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.", Reach.HostKeyChanged)]
    [InlineData("ssh: connect to host bastion.example.com port 22: Connection refused\nkex_exchange_identification: Connection closed by "
        + "remote host\nConnection closed by UNKNOWN port 65535", Reach.Refused)]
    [InlineData("command-line: line 0: Bad configuration option: nonsense", Reach.Failed)]
    [InlineData("", Reach.Failed)]
    public void Of_WhatSshPrints_IsTheReach(string stderr, Reach expected)
    {
        var failure = SshFailure.Of(Host, "ip addr", stderr);

        Assert.Equal((expected, "lb1", "ip addr"), (failure.Reach, failure.Target, failure.Operation));
        Assert.Contains("lb1 (ops@10.0.0.10:2222)", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Theory]
    [InlineData("", "", "exit code 1, as")]
    [InlineData("This account is currently not available.\n", "", "and printed \"This account is currently not available\"")]
    [InlineData("", "menu:\n 1) quit\n", "and printed \"1) quit\"")]
    public void OfLoginShell_ThatRanNothing_NamesItAndWhatItPrinted(string output, string error, string expected)
    {
        var failure = SshFailure.OfLoginShell(Host, "ip addr", new(1, output, error, TimedOut: false, Truncated: false, TimeSpan.Zero));

        Assert.Equal((Reach.PermissionDenied, "lb1"), (failure.Reach, failure.Target));
        Assert.Contains("The login shell on lb1 (ops@10.0.0.10:2222) runs no commands", failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("`usermod -s /bin/sh ops`", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ChangedHostKey_NamesTheCommandsToCheckAndToMend()
    {
        var message = SshFailure.Of(Host, "x", "REMOTE HOST IDENTIFICATION HAS CHANGED").Message;

        Assert.Contains("`ssh-keyscan -p 2222 10.0.0.10 | ssh-keygen -lf -`", message, StringComparison.Ordinal);
        Assert.Contains("`ssh-keygen -f ~/.ssh/known_hosts -R '[10.0.0.10]:2222'`", message, StringComparison.Ordinal);
    }
}
