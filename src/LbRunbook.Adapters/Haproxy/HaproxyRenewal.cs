using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// New workers for HAProxy, by its master's own reload: the old ones stop softly. They answer what is under way with
/// "Connection: close" and close what is idle, at once, or spread over close-spread-time.
/// </summary>
internal sealed class HaproxyRenewal(IRemoteShell shell)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly AdminSocket _socket = new(shell);
    private readonly HaproxyAdmin _admin = new(shell);
    private readonly StateFile _stateFile = new(shell);

    public async Task<WorkerRenewal> LookAsync(Node configured, CancellationToken cancellation)
    {
        var node = await HaproxyFinder.NodeAsync(shell, configured, cancellation);
        var master = new MasterSocket(_socket).ProcessesAsync(node, cancellation);
        var changed = ChangedAsync(node, cancellation);
        var whyNotKept = _stateFile.WhyNotAsync(node, cancellation);
        var spread = SpreadAsync(node, cancellation);
        await Task.WhenAll(master, changed, whyNotKept, spread);
        var whyNot = master.Result.WhyNot
            ?? (master.Result.Processes!.FailedReloads > 0 ? $"the last reload on {node.Name} failed" : null)
            ?? (whyNotKept.Result is { } forgets && changed.Result is { } what
                ? $"a reload would forget what was set at run time ({what}): {forgets}"
                : null);
        return new(whyNot, Keeps: whyNotKept.Result is null, spread.Result);
    }

    public async Task RunAsync(Node configured, CancellationToken cancellation)
    {
        var node = await HaproxyFinder.NodeAsync(shell, configured, cancellation);
        var master = new MasterSocket(_socket);
        var before = await master.ProcessesAsync(node, cancellation);
        if (before.Processes is null)
            throw Failed(node, before.WhyNot!);
        // A master whose reload fails goes on with the old workers, but on some versions never reloads again.
        if (await new HaproxyClient(shell).TestConfigurationAsync(node, cancellation) is { } error)
            throw Failed(node, error);
        // Its reply says nothing before 2.7, and the connection may break: the process list is the proof.
        await _socket.AskAsync(node, "master socket", node.Haproxy.MasterSocket!, "reload", cancellation);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        try
        {
            while (true)
            {
                var now = (await master.ProcessesAsync(node, deadline.Token)).Processes;
                if (now?.FailedReloads > 0)
                    throw Failed(node, "its new workers did not start; the old ones serve on");
                if (now?.Workers.Count > 0 && !now.Workers.Intersect(before.Processes.Workers).Any())
                    return;
                await Task.Delay(Interval, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new AdapterException(node.Name, "reloading haproxy",
                $"haproxy on {node.Name} had no new workers within {Patience.TotalSeconds:0} s", Core.Observations.Reach.TimedOut);
        }
    }

    /// <returns>The first servers whose state or weight is not that of the configuration; null = none.</returns>
    private async Task<string?> ChangedAsync(Node node, CancellationToken cancellation)
    {
        var answer = await _admin.AskAsync(node, "show servers state", cancellation);
        if (answer.Text is null || ShowServersState.Parse(answer.Text.ReplaceLineEndings("\n")) is not { Complete: true } state)
            return "the state of its servers is not known";
        var names = state.Servers.Values.Where(s => s.Changed).Select(s => $"{s.Pool}/{s.Server}").Order(StringComparer.Ordinal).ToList();
        return names.Count == 0 ? null : string.Join(", ", names.Take(3)) + (names.Count > 3 ? $" and {names.Count - 3} more" : "");
    }

    private async Task<string?> SpreadAsync(Node node, CancellationToken cancellation)
    {
        var found = await shell.RunAsync(RemoteHost.Of(node),
            new(["grep", "-rhE", "^[[:space:]]*close-spread-time[[:space:]]", .. node.Haproxy.AllConfig]), cancellation);
        return found.Output.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries) is [_, var time, ..]
            ? Printable.Line(time)
            : null;
    }

    private static AdapterException Failed(Node node, string why) =>
        new(node.Name, "reloading haproxy", $"haproxy on {node.Name} was not reloaded: {why}");
}
