using Xunit;

namespace LbRunbook.SystemTests.Ssh;

/// <summary>One sshd and one client of it, for every test anew.</summary>
public abstract class SshServerTests : IAsyncLifetime
{
    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected TestSshServer Server { get; private set; } = null!;
    private protected SshUnderTest Tested { get; private set; } = null!;

    private protected abstract SshUnderTest Client(TestSshServer server);

    private protected virtual Task<TestSshServer> StartAsync() => TestSshServer.StartAsync();

    public async ValueTask InitializeAsync()
    {
        Server = await StartAsync();
        Tested = Client(Server);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Tested.DisposeAsync();
        await Server.DisposeAsync();
    }
}
