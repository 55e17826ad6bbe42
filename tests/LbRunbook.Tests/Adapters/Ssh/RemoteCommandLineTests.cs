using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class RemoteCommandLineTests
{
    [Fact]
    public void Build_NotForRootOrWithoutSudo_DoesNotMentionSudo()
    {
        var command = new RemoteCommand("ip", "addr") { AsRoot = true };

        Assert.DoesNotContain("sudo", RemoteCommandLine.Build(command, new(), TimeSpan.FromSeconds(2)), StringComparison.Ordinal);
        Assert.DoesNotContain("sudo", RemoteCommandLine.Build(command with { AsRoot = false }, new() { Sudo = true }, TimeSpan.FromSeconds(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Timeout_IsBoundedRemotelyAboveOurs() =>
        Assert.EndsWith(" 3 ip addr", RemoteCommandLine.Build(new("ip", "addr"), new(), TimeSpan.FromSeconds(1.5)), StringComparison.Ordinal);

    [Fact]
    public async Task Build_RunByAShell_TellsItsProcessAndKeepsCodeAndStreams()
    {
        var line = RemoteCommandLine.Build(new("sh", "-c", "echo out; echo err >&2; exit 3"), new SshOptions(), TimeSpan.FromSeconds(5));
        var result = await ChildProcess.RunAsync(new("sh", ["-c", line]), TestContext.Current.CancellationToken);
        var (began, error) = RemoteCommandLine.Began(result.Error);

        Assert.NotNull(began);
        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, error));
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("sudo: a password is required\n", null, "sudo: a password is required\n")]
    [InlineData("lbctl-began:12\n", 12, "")]
    [InlineData("Welcome\nlbctl-began:12\nlater\n", 12, "Welcome\nlater\n")]
    [InlineData("lbctl-began:12", null, "lbctl-began:12")]
    [InlineData("lbctl-began:x\n", null, "lbctl-began:x\n")]
    public void Began_Stderr_GivesTheMarkerAndTheRest(string stderr, int? processId, string rest) =>
        Assert.Equal((processId, rest), RemoteCommandLine.Began(stderr));
}
