using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class SudoFailureTests
{
    private static readonly RemoteHost Host = new("lb1", "10.0.0.10", new SshOptions { User = "ops", Sudo = true });

    [Theory]
    [InlineData("sudo: a password is required", Reach.SudoNeedsPassword)]
    [InlineData("sudo: a terminal is required to read the password; either use the -S option\nsudo: a password is required",
        Reach.SudoNeedsPassword)]
    [InlineData("sudo: sorry, you must have a tty to run sudo", Reach.SudoNeedsPassword)]
    [InlineData("Sorry, user ops is not allowed to execute '/usr/bin/ip addr' as root on lb1.", Reach.SudoNeedsPassword)]
    [InlineData("ops is not in the sudoers file.", Reach.SudoNeedsPassword)]
    [InlineData("perl: sudo: a password is required", Reach.SudoNeedsPassword)]
    [InlineData("sudo: effective uid is not 0, is sudo installed setuid root?", Reach.Failed)]
    public void Check_SudoRefused_IsNoAnswerOfTheCommand(string stderr, Reach expected)
    {
        var failure = Assert.Throws<AdapterException>(() => Check(1, stderr));

        Assert.Equal((expected, "lb1", "ip addr"), (failure.Reach, failure.Target, failure.Operation));
        Assert.Contains("lb1 (ops@10.0.0.10)", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sh: 1: exec: sudo: not found")]
    [InlineData("sh: line 1: exec: sudo: not found")]
    [InlineData("timeout: failed to run command \u2018sudo\u2019: No such file or directory")]
    [InlineData("timeout: can't execute 'sudo': No such file or directory")]
    public void Check_NoSudo_SaysSo(string stderr) =>
        Assert.Contains("no sudo", Assert.Throws<AdapterException>(() => Check(127, stderr)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(2, "RTNETLINK answers: Operation not permitted")]
    [InlineData(1, "sudo: unable to resolve host lb1: Name or service not known")]
    [InlineData(1, "Failed to start haproxy.service: a password is required by the service")]
    [InlineData(1, "")]
    public void Check_CommandFailed_IsItsOwnAnswer(int exitCode, string stderr) => Assert.Equal(exitCode, Check(exitCode, stderr).ExitCode);

    [Fact]
    public void Check_CommandNotFound_IsTheShells127() => Assert.Equal(127, Check(1, "sudo: rc-service: command not found").ExitCode);

    private static RemoteResult Check(int exitCode, string stderr) =>
        SudoFailure.Check(Host, "ip addr", new(exitCode, "", stderr + "\n", TimeSpan.Zero));
}
