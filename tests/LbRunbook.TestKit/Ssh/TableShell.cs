using LbRunbook.Adapters.Ssh;

namespace LbRunbook.TestKit.Ssh;

/// <summary>Answers commands by a table; a command that is not in it fails the test, so that no call goes unnoticed.</summary>
internal sealed class TableShell(params (string Command, int ExitCode, string Output)[] answers) : IRemoteShell
{
    private readonly Dictionary<string, Queue<(int, string)>> _answers = answers
        .GroupBy(a => a.Command).ToDictionary(g => g.Key, g => new Queue<(int, string)>(g.Select(a => (a.ExitCode, a.Output))));

    /// <summary>Commands in order, with "root:" before those that asked for it.</summary>
    public List<string> Ran { get; } = [];

    public Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var line = string.Join(' ', command.Arguments);
        lock (Ran)
            Ran.Add(command.AsRoot ? $"root: {line}" : line);
        if (!_answers.TryGetValue(line, out var queue))
            throw new InvalidOperationException($"no answer for: {line}");
        var (code, output) = queue.Count > 1 ? queue.Dequeue() : queue.Peek();
        return Task.FromResult(code == 0
            ? new RemoteResult(0, output, "", TimeSpan.Zero)
            : new RemoteResult(code, "", output, TimeSpan.Zero));
    }

    public Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
        throw new InvalidOperationException($"no answer for: {request}");
}
