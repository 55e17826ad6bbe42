using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <param name="OldWorkers">Pids.</param>
/// <param name="Sessions">What the old workers still carry, by server: the admin socket speaks for the new worker alone.</param>
/// <param name="Notes">What could not be learned, and failed reloads.</param>
/// <param name="Uncounted">Why old workers may carry more than is in <paramref name="Sessions"/>; null = that is all.</param>
/// <param name="Blind">The master did not tell who they are.</param>
internal sealed record MasterView(
    IReadOnlyList<int> OldWorkers,
    IReadOnlyDictionary<(string Pool, string Server), long> Sessions,
    IReadOnlyList<string> Notes, string? Uncounted = null, bool Blind = false)
{
    /// <summary>Pids of the current configuration's.</summary>
    public IReadOnlyList<int> Workers { get; init; } = [];

    /// <summary>It is the master of the worker that told this pid; of one that told none it may be.</summary>
    public bool IsOf(int? answering) => !Blind && (answering is not { } pid || Workers.Contains(pid) || OldWorkers.Contains(pid));
}

/// <summary>The master CLI (<c>haproxy -W -S</c>), the only way to workers that a reload left behind.</summary>
internal sealed class MasterSocket(AdminSocket socket)
{
    /// <summary>Each old worker is one more exchange; a node with more of them has another problem, and the note says so.</summary>
    private const int AskedWorkers = 8;

    /// <summary>Unlike a worker's socket the master's stays open after the replies: a reader to the end would wait for ever.</summary>
    private const string Close = ";quit";

    public async Task<MasterView> ReadAsync(Node node, CancellationToken cancellation)
    {
        var (seen, whyNot) = await ProcessesAsync(node, cancellation);
        if (seen is not { } processes)
            return Blind(whyNot!);
        var path = node.Haproxy.MasterSocket!;
        var notes = new List<string>();
        string? uncounted = null;
        if (processes.FailedReloads > 0)
            notes.Add($"the last reload failed ({processes.FailedReloads} in a row): an older configuration than the file on disk serves");
        if (processes.OldWorkers.Count > AskedWorkers)
            notes.Add(uncounted = $"{processes.OldWorkers.Count} old workers; only the sessions of the last {AskedWorkers} are counted");

        var sessions = new Dictionary<(string, string), long>();
        var asked = processes.OldWorkers.TakeLast(AskedWorkers).ToList();
        var replies = await Task.WhenAll(asked.Select(pid =>
            socket.AskAsync(node, "master socket", path, $"@!{pid} show stat -1 4 -1{Close}", cancellation)));
        foreach (var (pid, reply) in asked.Zip(replies))
        {
            // It finished what it had and left.
            if (reply.Text?.Contains("find the target PID", StringComparison.Ordinal) == true)
                continue;
            if (reply.Text is null || ShowStat.Parse(reply.Text.ReplaceLineEndings("\n")) is not { Complete: true } stat)
            {
                notes.Add(uncounted = $"old worker {pid} did not tell its sessions: "
                    + (reply.Error ?? "it left meanwhile, or its answer was cut off"));
                continue;
            }
            foreach (var row in stat.Servers)
                sessions[(row.Proxy, row.Name)] = sessions.GetValueOrDefault((row.Proxy, row.Name)) + (row.Number("scur") ?? 0);
        }
        return new(processes.OldWorkers, sessions, notes, uncounted) { Workers = processes.Workers };
    }

    /// <returns>One of the two is null.</returns>
    public async Task<(ShowProc? Processes, string? WhyNot)> ProcessesAsync(Node node, CancellationToken cancellation)
    {
        if (node.Haproxy.MasterSocket is not { } path)
            return (null, "no master socket is configured");
        var answer = await socket.AskAsync(node, "master socket", path, "show proc" + Close, cancellation);
        if (answer.Text is null)
            return (null, answer.Error ?? "no answer");
        return ShowProc.Parse(answer.Text) is { } processes
            ? (processes, null)
            : (null, $"master socket {path} did not answer with a process list");
    }

    /// <summary>
    /// Ends what workers of earlier configurations still carry for a server. There "shutdown sessions server" is refused, single sessions
    /// are not.
    /// </summary>
    public async Task EndOldSessionsAsync(Node node, ServerName server, CancellationToken cancellation)
    {
        if ((await ProcessesAsync(node, cancellation)).Processes is not { } processes)
            return;
        var path = node.Haproxy.MasterSocket!;
        await Task.WhenAll(processes.OldWorkers.TakeLast(AskedWorkers).Select(async pid =>
        {
            var sessions = await socket.AskAsync(node, "master socket", path, $"@!{pid} show sess{Close}", cancellation);
            foreach (var id in ShowSess.Of(sessions.Text ?? "", server))
                await socket.AskAsync(node, "master socket", path, $"@!{pid} shutdown session {id}{Close}", cancellation);
        }));
    }

    private static MasterView Blind(string why) =>
        new([], new Dictionary<(string, string), long>(), [], $"old workers of earlier configurations are not visible: {why}", Blind: true);
}
