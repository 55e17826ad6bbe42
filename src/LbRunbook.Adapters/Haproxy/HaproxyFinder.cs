using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Looks for the HAProxy of a node among the processes that are there.</summary>
internal static class HaproxyFinder
{
    private static readonly HaproxyOptions s_defaults = new();

    /// <summary>A list of processes takes milliseconds; a node that hangs is not waited for longer than its sockets are.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>A node that cannot be asked has none that is known: it is the callers who have more to say of that.</summary>
    public static async Task<HaproxyProcesses> SeeAsync(IRemoteShell shell, Node node, CancellationToken cancellation)
    {
        var command = RemoteCommand.Script(EmbeddedScript.Read("process-place.sh", "haproxy-find.sh"), node.Haproxy.Binary)
            with { Name = "looking for haproxy", Timeout = s_patience };
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        guard.CancelAfter(s_patience + node.Ssh.ConnectTimeout);
        try
        {
            return HaproxyProcesses.Parse((await shell.RunAsync(RemoteHost.Of(node), command, guard.Token)).Output);
        }
        catch (AdapterException)
        {
            return HaproxyProcesses.NotSeen;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return HaproxyProcesses.NotSeen;
        }
    }

    /// <summary>The node with the paths of the process that runs in place of those that are usual.</summary>
    public static async Task<Node> NodeAsync(IRemoteShell shell, Node node, CancellationToken cancellation) =>
        As(node, Of(node, await SeeAsync(shell, node, cancellation), null));

    /// <param name="answering">The pid that its admin socket told; null = not known.</param>
    /// <returns>Null = it does not run, or it cannot be told which one it is.</returns>
    public static HaproxyProcess? Of(Node node, HaproxyProcesses seen, int? answering)
    {
        var here = seen.All.Where(p => p.Here).ToList();
        if (answering is { } pid && here.Find(p => p.Pid == pid || p.Workers.Contains(pid)) is { } told)
            return told;
        var ours = here.Where(p => p.Words.Config.Intersect(node.Haproxy.AllConfig).Any()).ToList();
        return ours switch
        {
            [var only] => only,
            // An old one that finishes what it has, without a master: the youngest has the sockets.
            [_, ..] => ours.MaxBy(p => long.TryParse(p.Start, out var start) ? start : 0),
            // A path that somebody wrote down says which one is meant.
            _ => here is [var single] && node.Haproxy.Config == s_defaults.Config ? single : null,
        };
    }

    /// <returns>Null = no other one may be it.</returns>
    public static string? Elsewhere(Node node, HaproxyProcesses seen)
    {
        var named = node.Haproxy.Config != s_defaults.Config;
        var maybe = seen.All.Where(p => !named || p.Words.Config.Intersect(node.Haproxy.AllConfig).Any()).ToList();
        if (maybe.Find(p => !p.Here) is { } contained)
            return $"haproxy runs in a container or another network (pid {contained.Pid}), not on the machine itself: exec of this "
                + "node has to say how to get there ([docker, exec, NAME])";
        return maybe.Count > 1
            ? $"more than one haproxy may be it (pid {string.Join(", ", maybe.Select(p => p.Pid))}): haproxy.config has to say which one"
            : null;
    }

    public static Node As(Node node, HaproxyProcess? process)
    {
        if (process is null)
            return node;
        var config = process.Words.Config is { Count: > 0 } known && known.All(c => c.StartsWith('/')) ? known : node.Haproxy.AllConfig;
        return node with
        {
            Haproxy = node.Haproxy with
            {
                Config = config[0],
                MoreConfig = [.. config.Skip(1)],
                // An explicit null says that it is not to be used.
                MasterSocket = node.Haproxy.MasterSocket is null ? null
                    : process.Words.Master is ['/', ..] path ? path
                    : node.Haproxy.MasterSocket,
                Binary = process.Executable.Length > 0 ? process.Executable : node.Haproxy.Binary,
            },
        };
    }
}
