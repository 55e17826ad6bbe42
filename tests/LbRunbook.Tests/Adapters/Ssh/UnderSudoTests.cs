using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

/// <summary>The line that a host would run, run by a real shell with a sudo of our own in its path.</summary>
public sealed class UnderSudoTests : IDisposable
{
    private static readonly RemoteHost Host = new("lb1", "10.0.0.10", new SshOptions { User = "ops", Sudo = true });
    private readonly string _path = Directory.CreateTempSubdirectory("lbctl-sudo").FullName;

    public UnderSudoTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a POSIX shell");
        File.CreateSymbolicLink(Path.Combine(_path, "sh"), "/bin/sh");
    }

    [Fact]
    public async Task Run_AllowedCommand_IsAllThatSudoSeesAndKeepsCodeAndStreams()
    {
        Sudo("echo \"$*\"; shift 2; exec \"$@\"");
        var (began, result) = await RunAsync("sh", "-c", "echo 'a  b'; echo no >&2; exit 3");

        Assert.NotNull(began);
        Assert.Equal((3, "-n -- sh -c echo 'a  b'; echo no >&2; exit 3\na  b\n", "no\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Same(result, SudoFailure.Check(Host, "x", result));
    }

    [Fact]
    public async Task Run_Refused_BeganAndIsSudos()
    {
        Sudo("echo 'sudo: a password is required' >&2; exit 1");
        var (began, result) = await RunAsync("ip", "addr", "del", "10.0.0.100/32");

        Assert.NotNull(began);
        Assert.Equal(LbRunbook.Core.Observations.Reach.SudoNeedsPassword,
            Assert.Throws<AdapterException>(() => SudoFailure.Check(Host, "x", result)).Reach);
    }

    [Fact]
    public async Task Run_NoSudoThere_SaysSo()
    {
        var (_, result) = await RunAsync("ip", "addr");

        Assert.Contains("no sudo", Assert.Throws<AdapterException>(() => SudoFailure.Check(Host, "x", result)).Message,
            StringComparison.Ordinal);
    }

    private void Sudo(string script)
    {
        var file = Path.Combine(_path, "sudo");
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    private async Task<(int? Began, RemoteResult Result)> RunAsync(params string[] words)
    {
        var carried = RemoteCommandLine.OnInput(new RemoteCommand(words) { AsRoot = true }, Host.Ssh, TimeSpan.FromSeconds(5));
        var spec = new ProcessSpec("/bin/sh", ["-c", RemoteCommandLine.ForLoginShell])
        {
            StandardInput = carried.StandardInput,
            Environment = new Dictionary<string, string?> { ["PATH"] = _path },
        };
        var result = await ChildProcess.RunAsync(spec, TestContext.Current.CancellationToken);
        var (began, error) = RemoteCommandLine.Began(result.Error);
        return (began, new(result.ExitCode, RemoteCommandLine.Said(result.Output).Output, error, result.Took));
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
