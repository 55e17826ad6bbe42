using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>One HAProxy: what it says over its sockets, and its configuration test.</summary>
internal sealed class HaproxyClient(IRemoteShell shell)
{
    private readonly AdminSocket _socket = new(shell);
    private readonly HaproxyAdmin _admin = new(shell);

    /// <summary>Never throws for a proxy that does not answer or answers nonsense.</summary>
    public async Task<ProxyState> ReadAsync(Node node, CancellationToken cancellation)
    {
        var asking = new MasterSocket(_socket).ReadAsync(node, cancellation);
        var answer = await _admin.AskAsync(node, RuntimeReply.Question, cancellation);
        var reply = answer.Text is null ? null : RuntimeReply.Parse(answer.Text);
        var master = await asking;
        // Where the master at the configured place knows who answers, nothing is left to find, and a list of all processes costs the node
        // more than everything else that is asked here.
        if (!master.IsOf(reply?.Info?.Pid))
            master = await FindAsync(node, master, reply?.Info?.Pid, cancellation);
        if (reply is null)
            return Silent(answer.Error, master);
        var path = answer.Path ?? node.Haproxy.Socket;
        return Unusable(reply, answer.Text!, path) is { } error
            ? Silent(error, master)
            : HaproxyState.Build(reply, master, path);
    }

    /// <summary>It answers through its socket, and its files are not the machine's.</summary>
    private static MasterView NotHere(Node node, HaproxyProcesses seen, MasterView master) =>
        HaproxyFinder.Of(node, seen, null) is null && HaproxyFinder.Elsewhere(node, seen) is { } why
            ? master with { Notes = [.. master.Notes, why] }
            : master;

    /// <summary>Where the process that answers says its master is; else what the list of processes tells.</summary>
    /// <param name="configured">What was seen at the configured place: a container's socket may be mounted there.</param>
    private async Task<MasterView> FindAsync(Node node, MasterView configured, int? answering, CancellationToken cancellation)
    {
        var seen = await HaproxyFinder.SeeAsync(shell, node, cancellation);
        var running = HaproxyFinder.As(node, HaproxyFinder.Of(node, seen, answering));
        var master = running.Haproxy.MasterSocket == node.Haproxy.MasterSocket ? configured
            : await new MasterSocket(_socket).ReadAsync(running, cancellation) is { Blind: false } told ? told
            : configured;
        return NotHere(node, seen, OldWorkers.Seen(node, master, seen, answering));
    }

    /// <exception cref="Core.Ports.AdapterException">It could not be run.</exception>
    public async Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation)
    {
        var running = await HaproxyRunning.OfAsync(shell, node, cancellation);
        // The file of the configured path may be anybody's then.
        if (running.Elsewhere is { } elsewhere)
            throw new Core.Ports.AdapterException(node.Name, "configuration test", $"the test could not be run: {elsewhere}");
        string[] test = [running.Node.Haproxy.Binary, "-c", .. running.TestWords];
        // The rules for sudo name the bare command. It has no environment then, and no folder.
        string[] command = node.Ssh.Sudo ? test
            : ["sh", "-c", HaproxyRunning.Script("haproxy-test.sh"), "lbctl", .. running.Where,
                running.Process is null ? "" : "found", .. test];
        return await ConfigurationTest.RunAsync(shell, node, command, "[ALERT]", cancellation);
    }

    private static string? Unusable(RuntimeReply reply, string text, string path)
    {
        if (reply is { Info: null, Stat: null })
        {
            return reply.Denied ? $"admin socket {path} denies permission to read"
                : text.Trim().Length == 0 ? $"admin socket {path} closed the connection without an answer"
                : $"admin socket {path} does not speak HAProxy: \"{Shown(text)}\"";
        }
        if (reply is not { Info: { Complete: true, Pid: > 0 }, Stat.Complete: true } || reply.Servers is { Complete: false })
            return $"admin socket {path} gave a truncated answer ({text.Length} characters)";
        return null;
    }

    private static string Shown(string text)
    {
        var line = Printable.Line(text);
        return line.Length > 80 ? line[..79] + "…" : line;
    }

    private static ProxyState Silent(string? error, MasterView master) => new()
    {
        Kind = ProxyKind.Haproxy,
        Answers = false,
        Error = error,
        OldWorkers = master.OldWorkers,
        Notes = master.Notes,
    };
}
