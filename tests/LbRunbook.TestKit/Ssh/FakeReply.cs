using LbRunbook.Adapters.Ssh;

namespace LbRunbook.TestKit.Ssh;

/// <summary>What a scripted command does; exit 0 without output unless told otherwise.</summary>
internal sealed class FakeReply
{
    private Func<RemoteCommand, RemoteResult> _result = _ => new(0, "", "", TimeSpan.Zero);
    private bool _hangs;

    public void Prints(string output) => _result = _ => new(0, output, "", TimeSpan.Zero);

    public void Fails(int exitCode, string error = "", string output = "") => _result = _ => new(exitCode, output, error, TimeSpan.Zero);

    public void Throws(Exception exception) => _result = _ => throw exception;

    public void Does(Func<RemoteCommand, RemoteResult> result) => _result = result;

    /// <summary>Never ends by itself: only cancelling helps.</summary>
    public void Hangs() => _hangs = true;

    internal Task WaitAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return _hangs ? Task.Delay(Timeout.Infinite, cancellation) : Task.CompletedTask;
    }

    internal RemoteResult Of(RemoteCommand command) => _result(command);
}
