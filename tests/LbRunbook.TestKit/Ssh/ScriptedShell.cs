using LbRunbook.Adapters.Ssh;

namespace LbRunbook.TestKit.Ssh;

/// <summary>A transport whose answers the test writes; it remembers what it was asked.</summary>
internal sealed class ScriptedShell : IRemoteShell
{
    public Func<RemoteCommand, CancellationToken, Task<RemoteResult>> OnRun { get; init; } =
        (command, _) => throw new InvalidOperationException($"unexpected command: {string.Join(' ', command.Arguments)}");

    /// <summary>Socket path and request → reply.</summary>
    public Func<string, string, CancellationToken, Task<string>> OnExchange { get; init; } =
        (path, request, _) => throw new InvalidOperationException($"unexpected exchange with {path}: {request}");

    public List<string> Requests { get; } = [];

    public Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation) =>
        OnRun(command, cancellation);

    public Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        lock (Requests)
            Requests.Add(request);
        return OnExchange(socketPath, request, cancellation);
    }
}
