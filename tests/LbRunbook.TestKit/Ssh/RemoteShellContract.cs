using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;
using Xunit;

namespace LbRunbook.TestKit.Ssh;

/// <summary>
/// What every remote shell does, the real one and the fake: tests built on the fake mean something for as long as both pass.
/// </summary>
public abstract class RemoteShellContract
{
    private protected abstract IRemoteShell Shell { get; }
    private protected abstract RemoteHost Host { get; }

    /// <summary>A host that refuses connections.</summary>
    private protected abstract RemoteHost DeadHost { get; }

    /// <summary>A socket that answers <c>ping</c> with <c>pong\n</c>.</summary>
    private protected abstract string SocketPath { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Success_GivesOutput()
    {
        var result = await Shell.RunAsync(Host, new("printf", "%s|", "a b", "it's", "", "-n"), Cancellation);

        Assert.True(result.Ok);
        Assert.Equal(("a b|it's||-n|", ""), (result.Output, result.Error));
    }

    [Fact]
    public async Task Run_FailingCommand_IsAResultNotAnException()
    {
        var result = await Shell.RunAsync(Host, new("sh", "-c", "echo out; echo why >&2; exit 3"), Cancellation);

        Assert.Equal((3, "out\n", "why\n", "why"), (result.ExitCode, result.Output, result.Error, result.LastLine));
    }

    [Fact]
    public async Task Run_Script_GetsItsParametersAsData()
    {
        var result = await Shell.RunAsync(Host, RemoteCommand.Script("printf '%s\\n' \"$1\"", "$(id); 'x'"), Cancellation);

        Assert.Equal("$(id); 'x'\n", result.Output);
    }

    [Fact]
    public async Task Run_StandardInput_ReachesTheCommand()
    {
        var result = await Shell.RunAsync(Host, new("cat") { StandardInput = "line ✓\n" }, Cancellation);

        Assert.Equal("line ✓\n", result.Output);
    }

    [Fact]
    public async Task Run_DeadHost_ThrowsAdapterExceptionThatNamesIt()
    {
        var error = await Assert.ThrowsAsync<AdapterException>(() => Shell.RunAsync(DeadHost, new("true"), Cancellation));

        Assert.Equal((Reach.Refused, DeadHost.Name), (error.Reach, error.Target));
    }

    [Fact]
    public async Task Run_Cancelled_ThrowsOperationCanceled()
    {
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Shell.RunAsync(Host, new("sleep", "20"), caller.Token));
    }

    [Fact]
    public async Task Exchange_Socket_GivesTheAnswer() =>
        Assert.Equal("pong\n", await Shell.ExchangeAsync(Host, SocketPath, "ping\n", TimeSpan.FromSeconds(10), Cancellation));
}
