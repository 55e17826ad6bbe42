using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <param name="Text">What came back; null when nothing usable did.</param>
/// <param name="Error">One sentence; null when <paramref name="Text"/> is there.</param>
internal sealed record SocketReply(string? Text, string? Error)
{
    /// <summary>Of another socket than the one that was asked for; null = of that one.</summary>
    public string? Path { get; init; }

    /// <summary>There was no answer in time: from the socket, or from the node.</summary>
    public bool IsLate { get; init; }
}

/// <summary>
/// HAProxy's Runtime API: one line in, replies, end of stream. A second line would be answered with a broken pipe,
/// and a line without its end not at all, so there is one exchange per question.
/// </summary>
internal sealed class AdminSocket(IRemoteShell shell)
{
    /// <summary>A daemon that runs answers in milliseconds; a stopped one accepts the connection and stays silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <param name="what">For messages: "admin socket", "master socket".</param>
    public async Task<SocketReply> AskAsync(Node node, string what, string path, string commands, CancellationToken cancellation)
    {
        var bound = node.Ssh.CommandTimeout < Patience ? node.Ssh.CommandTimeout : Patience;
        // The shell keeps the bound itself; this is for one that hangs before it gets there.
        using var guard = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        guard.CancelAfter(bound + node.Ssh.ConnectTimeout);
        var late = $"{what} {path} did not answer within {bound.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)}s";
        try
        {
            return new(await shell.ExchangeAsync(RemoteHost.Of(node), path, commands + "\n", bound, guard.Token), null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, late) { IsLate = true };
        }
        catch (AdapterException e) when (e.Reach == Reach.TimedOut)
        {
            return new(null, e.Message.Contains(path) ? e.Message : $"{late} ({e.Message})") { IsLate = true };
        }
        catch (AdapterException e)
        {
            return new(null, e.Message.Contains(path) || e.Reach != Reach.Failed ? e.Message : $"{what} {path}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or TimeoutException or System.Net.Sockets.SocketException)
        {
            return new(null, $"{what} {path}: {Printable.Line(e.Message)}");
        }
    }
}
