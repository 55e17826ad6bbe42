using LbRunbook.Adapters.Ssh;

namespace LbRunbook.TestKit.Ssh;

/// <summary>
/// Scripted hosts. A command that nobody scripted fails the test by its text, and so does a script that was never asked for
/// (<see cref="VerifyAllUsed"/>). Later rules win over earlier ones, so that a test can change a host midway.
/// </summary>
internal sealed class FakeRemoteShell : IRemoteShell
{
    private readonly List<Rule> _rules = [];
    private readonly List<FakeCall> _calls = [];
    private readonly Lock _gate = new();

    public IReadOnlyList<FakeCall> Calls
    {
        get
        {
            lock (_gate)
                return [.. _calls];
        }
    }

    /// <summary>Matches a command whose arguments begin with these.</summary>
    public FakeReply On(string host, params string[] arguments) =>
        On(host, command => command.Arguments.Take(arguments.Length).SequenceEqual(arguments), string.Join(' ', arguments));

    /// <summary>Matches a stdin script that contains this text.</summary>
    public FakeReply OnScript(string host, string containing) =>
        On(host, command => command.StandardInput?.Contains(containing, StringComparison.Ordinal) == true, $"script with '{containing}'");

    public FakeReply On(string host, Func<RemoteCommand, bool> matches, string description) => Add(new(host, description, matches, null));

    /// <summary>Matches an exchange with a socket; the request as the product sees it, without the newline.</summary>
    public FakeReply OnSocket(string host, string path, string request) => Add(new(host, $"{path} < {request}", null, (path, request)));

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var rule = Find(new(host.Name, command, null, null), rule => rule.Matches?.Invoke(command) == true);
        await rule.Reply.WaitAsync(cancellation);
        return rule.Reply.Of(command);
    }

    public async Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        var rule = Find(new(host.Name, null, socketPath, request), rule => rule.Socket == (socketPath, request.TrimEnd('\n')));
        await rule.Reply.WaitAsync(cancellation);
        return rule.Reply.Of(new RemoteCommand { StandardInput = request }).Output;
    }

    public void VerifyAllUsed()
    {
        lock (_gate)
        {
            var unused = _rules.Where(rule => !rule.Used).Select(rule => $"{rule.Host}: {rule.Description}").ToList();
            if (unused.Count > 0)
                throw new InvalidOperationException("Expected but never run:\n  " + string.Join("\n  ", unused));
        }
    }

    private FakeReply Add(Rule rule)
    {
        lock (_gate)
            _rules.Add(rule);
        return rule.Reply;
    }

    private Rule Find(FakeCall call, Predicate<Rule> matches)
    {
        lock (_gate)
        {
            _calls.Add(call);
            var rule = _rules.FindLast(rule => rule.Host == call.Host && matches(rule))
                ?? throw new InvalidOperationException(
                    $"Unexpected: {call}\nScripted:\n  "
                        + string.Join("\n  ", _rules.Select(known => $"{known.Host}: {known.Description}")));
            rule.Used = true;
            return rule;
        }
    }

    private sealed record Rule(string Host, string Description, Func<RemoteCommand, bool>? Matches, (string Path, string Request)? Socket)
    {
        public FakeReply Reply { get; } = new();
        public bool Used { get; set; }
    }
}

/// <summary>What was asked of a host: a command, or an exchange with a socket.</summary>
internal sealed record FakeCall(string Host, RemoteCommand? Command, string? SocketPath, string? Request)
{
    public override string ToString() =>
        Command is null ? $"{Host}: {SocketPath} < {Request?.TrimEnd('\n')}"
            : $"{Host}: {string.Join(' ', Command.Arguments)}{(Command.StandardInput is { } input ? " <<< " + input : "")}";
}
