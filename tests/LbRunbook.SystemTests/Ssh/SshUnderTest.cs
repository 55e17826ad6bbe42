using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Ssh.SshNet;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>One of the two clients, with what ends its connections: both pass the same tests.</summary>
internal sealed class SshUnderTest : IAsyncDisposable
{
    private readonly Func<Task> _close;

    private SshUnderTest(IRemoteShell shell, Func<Task> close) => (Shell, _close) = (shell, close);

    public IRemoteShell Shell { get; }

    public static SshUnderTest OpenSsh(TestSshServer server)
    {
        var shell = OpenSshShell.Create(server.RuntimeDirectory);
        return new(shell, async () =>
        {
            await shell.CloseAsync();
            await shell.DisposeAsync();
        });
    }

    public static SshUnderTest BuiltIn()
    {
        var shell = new SshNetShell();
        return new(shell, () => shell.DisposeAsync().AsTask());
    }

    public ValueTask DisposeAsync() => new(_close());
}
