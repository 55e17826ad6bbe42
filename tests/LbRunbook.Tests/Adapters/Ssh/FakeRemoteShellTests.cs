using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using LbRunbook.TestKit.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class FakeRemoteShellTests : RemoteShellContract
{
    private readonly FakeRemoteShell _shell = new();

    public FakeRemoteShellTests()
    {
        _shell.On("lb1", "printf").Prints("a b|it's||-n|");
        _shell.On("lb1", "sh", "-c", "echo out; echo why >&2; exit 3").Fails(3, "why\n", "out\n");
        _shell.OnScript("lb1", "printf").Does(command => new(0, command.Arguments[^1] + "\n", "", TimeSpan.Zero));
        _shell.On("lb1", "cat").Does(command => new(0, command.StandardInput!, "", TimeSpan.Zero));
        _shell.On("lb2", "true").Throws(new AdapterException("lb2", "true", "refused", Reach.Refused));
        _shell.On("lb1", "sleep").Hangs();
        _shell.OnSocket("lb1", SocketPath, "ping").Prints("pong\n");
    }

    private protected override IRemoteShell Shell => _shell;
    private protected override RemoteHost Host => new("lb1", "10.0.0.10", new SshOptions());
    private protected override RemoteHost DeadHost => new("lb2", "10.0.0.11", new SshOptions());
    private protected override string SocketPath => "/run/haproxy/admin.sock";

    [Fact]
    public async Task Run_NotScripted_FailsAndNamesTheCommand()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            _shell.RunAsync(Host, new("reboot", "now"), TestContext.Current.CancellationToken));

        Assert.Contains("lb1: reboot now", error.Message, StringComparison.Ordinal);
        Assert.Equal("reboot", Assert.Single(_shell.Calls).Command!.Arguments[0]);
    }

    [Fact]
    public void VerifyAllUsed_ScriptNeverRun_Fails() =>
        Assert.Contains("lb1: cat", Assert.Throws<InvalidOperationException>(_shell.VerifyAllUsed).Message, StringComparison.Ordinal);
}
