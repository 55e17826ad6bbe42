using System.Collections.Concurrent;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.SystemTests.Vip;

/// <summary>A host is a network namespace: real kernels, sockets and tools without an sshd. Knows hosts by name.</summary>
internal sealed class NamespaceShell(IReadOnlyDictionary<string, string> namespaces) : IRemoteShell
{
    /// <summary>Hosts that never answer, like a frozen machine.</summary>
    public ConcurrentDictionary<string, bool> Frozen { get; } = new();

    /// <summary>Instead of the machine's PATH: for hosts with other tools.</summary>
    public string? Path { get; init; }
    public string? LibraryPath { get; init; }

    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        if (Frozen.ContainsKey(host.Name))
            await Task.Delay(Timeout.Infinite, cancellation);
        var environment = new Dictionary<string, string?>();
        if (Path is not null)
            environment["PATH"] = Path;
        if (LibraryPath is not null)
            environment["LD_LIBRARY_PATH"] = LibraryPath;
        var timeout = command.Timeout ?? host.Ssh.CommandTimeout;
        var result = await ChildProcess.RunAsync(
            new("/usr/sbin/ip", ["netns", "exec", namespaces[host.Name], .. command.Arguments])
            {
                StandardInput = command.StandardInput,
                Timeout = timeout,
                Environment = environment,
            }, cancellation);
        return result.TimedOut
            ? throw new AdapterException(host.Name, command.Arguments[0], $"{host.Name} did not answer within {timeout}", Reach.TimedOut,
                isTransient: true)
            : new(result.ExitCode, result.Output, result.Error, result.Took);
    }

    public Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
