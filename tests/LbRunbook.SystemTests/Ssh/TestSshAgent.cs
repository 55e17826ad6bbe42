using System.Diagnostics;
using LbRunbook.Adapters.Processes;
using LbRunbook.SystemTests.Support;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>A real ssh-agent with one key, which this process is told of as a shell would be.</summary>
internal sealed class TestSshAgent : IAsyncDisposable
{
    private const string Variable = "SSH_AUTH_SOCK";
    private readonly Process _daemon;
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    private TestSshAgent(Process daemon, string socket)
    {
        _daemon = daemon;
        Environment.SetEnvironmentVariable(Variable, socket);
    }

    public static async Task<TestSshAgent> StartAsync(TestSshServer server, string key)
    {
        var socket = server.InDirectory("agent");
        var daemon = Process.Start(new ProcessStartInfo("ssh-agent", ["-D", "-a", socket])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await Poll.UntilAsync(() => Task.FromResult(File.Exists(socket)), there => there, _ => "ssh-agent made no socket");
        var agent = new TestSshAgent(daemon, socket);
        var added = await ChildProcess.RunAsync(new("ssh-add", ["-q", server.InDirectory(key)]), CancellationToken.None);
        return added.Ok ? agent : throw new InvalidOperationException(added.Error);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _daemon.Kill();
        await _daemon.WaitForExitAsync();
        _daemon.Dispose();
    }
}
