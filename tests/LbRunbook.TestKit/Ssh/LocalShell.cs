using System.Net.Sockets;
using System.Text;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.TestKit.Ssh;

/// <summary>The transport without SSH: commands and UNIX sockets of this machine, with the failures of the real one.</summary>
internal sealed class LocalShell : IRemoteShell
{
    public async Task<RemoteResult> RunAsync(RemoteHost host, RemoteCommand command, CancellationToken cancellation)
    {
        var spec = new ProcessSpec(command.Arguments[0], [.. command.Arguments.Skip(1)])
        {
            StandardInput = command.StandardInput,
            Timeout = command.Timeout ?? host.Ssh.CommandTimeout,
        };
        ProcessResult result;
        try
        {
            result = await ChildProcess.RunAsync(spec, cancellation);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // What a shell answers on the other side of a real connection.
            return new(127, "", $"sh: {command.Arguments[0]}: not found", TimeSpan.Zero);
        }
        return result.TimedOut
            ? throw new AdapterException(host.Name, command.Arguments[0], $"the command did not end within {spec.Timeout.TotalSeconds}s",
                Reach.TimedOut)
            : new(result.ExitCode, result.Output, result.Error, result.Took);
    }

    public async Task<string> ExchangeAsync(
        RemoteHost host, string socketPath, string request, TimeSpan timeout, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), either.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), either.Token);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new AdapterException(host.Name, "exchange", "no answer in time", Reach.TimedOut);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new AdapterException(host.Name, "exchange", e.Message, inner: e);
        }
    }
}
