using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace LbRunbook.Lab;

/// <summary>Waits until every host does what it is there for, seen from the machine; names the host that does not, and why.</summary>
internal sealed class LabReadiness(LabState lab) : IDisposable
{
    private static readonly TimeSpan s_attempt = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = s_attempt })
    {
        Timeout = s_attempt,
    };

    public async Task WaitAsync(IEnumerable<LabHost> hosts, TimeSpan limit, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var problems = (await Task.WhenAll(hosts.Select(h => WaitForAsync(h, clock, limit, cancellation)))).OfType<string>().ToList();
        if (problems.Count > 0)
            throw new LabException(LabProblem.Failed, $"not ready after {limit.TotalSeconds:0} s:\n" + string.Join('\n', problems));
    }

    /// <returns>Null, or why it is not ready.</returns>
    public async Task<string?> CheckAsync(LabHost host, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        attempt.CancelAfter(s_attempt * 2);
        var asked = "ssh";
        try
        {
            await ExpectSshAsync(host, attempt.Token);
            asked = "http";
            return host.Role switch
            {
                LabRole.Backend => await AskAsync(host, 8080, "/health", attempt.Token) == "OK" ? null : "its /health is not OK",
                LabRole.Proxy => await CheckProxyAsync(host, attempt.Token),
                _ => null,
            };
        }
        catch (Exception error) when (error is SocketException or HttpRequestException or IOException)
        {
            return $"{asked}: {error.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{asked}: no answer";
        }
    }

    /// <summary>Whether sshd and the host's own service accept connections, whatever state its neighbours are in.</summary>
    public async Task<bool> ListensAsync(LabHost host, CancellationToken cancellation)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        attempt.CancelAfter(s_attempt);
        try
        {
            await ExpectSshAsync(host, attempt.Token);
            using var client = new TcpClient();
            if (host.Role is not (LabRole.Client or LabRole.Spare))
                await client.ConnectAsync(lab.Addresses.V4(host.Number), host.Role == LabRole.Proxy ? 80 : 8080, attempt.Token);
            return true;
        }
        catch (Exception error)
            when (error is SocketException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Every backend has its turn: no health check of the proxy's is still in doubt.</summary>
    private async Task<string?> CheckProxyAsync(LabHost host, CancellationToken cancellation)
    {
        var expected = lab.Backends.Select(b => b.Name).ToHashSet();
        var seen = new HashSet<string>();
        for (var i = 0; i < expected.Count * 2; i++)
            seen.Add(await AskAsync(host, 80, "/whoami", cancellation));
        return expected.IsSubsetOf(seen) ? null : $"it does not send traffic to {string.Join(", ", expected.Except(seen))}";
    }

    private async Task<string?> WaitForAsync(LabHost host, Stopwatch clock, TimeSpan limit, CancellationToken cancellation)
    {
        var objectName = lab.Addresses.ObjectOf(host.Name);
        string? problem = "not tried";
        await Poll.UntilAsync(limit - clock.Elapsed, async () =>
        {
            problem = await CheckAsync(host, cancellation);
            return problem is null;
        }, cancellation);
        if (problem is null)
            return null;
        var running = LabProcesses.InCgroup(objectName).Any() ? "it runs" : "it is not running";
        return $"  {host.Name}: {problem}; {running}{LogTail(host)}";
    }

    private string LogTail(LabHost host)
    {
        try
        {
            var lines = File.ReadAllLines(lab.Paths.Log(host.Name)).Where(l => l.Length > 0).TakeLast(3).ToList();
            return lines.Count == 0 ? "" : "; its last words: " + string.Join(" / ", lines);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private async Task ExpectSshAsync(LabHost host, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(lab.Addresses.V4(host.Number), 22, cancellation);
        var buffer = new byte[4];
        await client.GetStream().ReadExactlyAsync(buffer, cancellation);
        if (Encoding.ASCII.GetString(buffer) != "SSH-")
            throw new IOException("port 22 does not speak SSH");
    }

    private async Task<string> AskAsync(LabHost host, int port, string path, CancellationToken cancellation) =>
        (await _http.GetStringAsync(new Uri($"http://{lab.Addresses.V4(host.Number)}:{port}{path}"), cancellation)).Trim();

    public void Dispose() => _http.Dispose();
}
