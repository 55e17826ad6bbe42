using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Ssh;

/// <summary>
/// Into a container of a host: every command behind the words that the node's configuration has for it (<c>exec: [docker, exec,
/// haproxy]</c>). Files, processes and sockets are then the container's own.
/// </summary>
internal sealed class ContainerShell(IRemoteShell host, IReadOnlyList<string> exec) : IRemoteShell
{
    private static readonly string[] s_engines = ["docker", "podman", "nerdctl"];

    /// <summary>Scripts come over standard input, which these engines pass on only when they are asked to.</summary>
    private readonly IReadOnlyList<string> _exec =
        exec is [var engine, "exec", ..] && s_engines.Contains(engine.Split('/')[^1])
            && !exec.Contains("-i") && !exec.Contains("--interactive")
            ? [engine, "exec", "-i", .. exec.Skip(2)]
            : exec;

    public Task<RemoteResult> RunAsync(RemoteHost on, RemoteCommand command, CancellationToken cancellation) =>
        host.RunAsync(on, command with { Arguments = [.. _exec, .. command.Arguments], Name = command.Name }, cancellation);

    /// <summary>Where the image has no tool for it: a socket that is mounted from the host under the same path.</summary>
    public async Task<string> ExchangeAsync(
        RemoteHost on, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            // sudo is the host's; in there it is not needed.
            var inside = on with { Ssh = on.Ssh with { Sudo = false } };
            return await SocketTool.ExchangeAsync(this, inside, socketPath, request, timeout, cancellation);
        }
        catch (AdapterException e) when (e.Message.Contains(SocketTool.Missing, StringComparison.Ordinal))
        {
            return await host.ExchangeAsync(on, socketPath, request, timeout, cancellation);
        }
    }

    /// <summary>For what is the machine's to do, wherever its proxy runs.</summary>
    public static IRemoteShell Outside(IRemoteShell shell) => shell is ContainerShell inside ? inside.Host : shell;

    private IRemoteShell Host => host;
}
