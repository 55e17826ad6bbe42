using System.Reflection.PortableExecutable;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.SystemTests.Publish;

/// <summary>A publish takes a minute of both cores: at the lowest priority beside tests that wait most of their time.</summary>
public sealed class WindowsPublishTests
{
    private const long LargestBinary = 45 * 1024 * 1024;

    /// <summary>What install.ps1 does: trimmed, so that Windows-only mistakes of the code show here.</summary>
    [Fact]
    public async Task WindowsPublish_Builds()
    {
        Assert.SkipUnless(HasSdk(), "no dotnet in PATH");
        using var folder = new TemporaryFolder();
        var result = await ChildProcess.RunAsync(new ProcessSpec("nice",
        [
            "-n", "19", "dotnet", "publish", RepositoryFiles.Path("src/LbRunbook.Cli"), "-c", "Release", "-r", "win-x64",
            "--disable-build-servers", "-v", "quiet",
            // Not in the source tree: its obj belongs to the build that made this test.
            "--artifacts-path", Path.Combine(folder.Path, "build"), "-o", folder.Path, "-p:RunAnalyzers=false",
            // Compiling ahead takes half of the time, and finds no mistake.
            "-p:PublishReadyToRun=false",
        ]) { Timeout = TimeSpan.FromMinutes(8) }, TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"{result.Output}\n{result.Error}");

        var binary = Path.Combine(folder.Path, "lbctl.exe");
        Assert.InRange(new FileInfo(binary).Length, 1, LargestBinary);
        await using var stream = File.OpenRead(binary);
        using var headers = new PEReader(stream);
        Assert.Equal(Machine.Amd64, headers.PEHeaders.CoffHeader.Machine);
        Assert.Empty(Directory.EnumerateFiles(folder.Path, "*.dll"));
    }

    private static bool HasSdk() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(d => d.Length > 0 && File.Exists(Path.Combine(d, "dotnet")));
}
