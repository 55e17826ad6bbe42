using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Servers that come and go while HAProxy runs (2.5 and later), and their lines in its configuration.</summary>
internal sealed class HaproxyMembers(Node node, IRemoteShell shell) : IPoolMembers
{
    private readonly AdminSocket _socket = new(shell);

    public async Task<PoolLines> ReadAsync(string pool, CancellationToken cancellation)
    {
        var file = new HaproxyPoolLines(await TextAsync(cancellation), pool);
        var why = !file.Found ? $"{node.Haproxy.Config} on {node.Name} has no section \"backend {pool}\""
            : node.Ssh.Sudo ? $"{node.Haproxy.Config} on {node.Name} is not changed by a login that is not root: whoever writes it could "
                + "run anything as root there"
            : null;
        return new(why, file.Configured, file.Added);
    }

    /// <summary>
    /// One line, so that nothing can come between its commands: without "enable health" a new server is never checked, and with "enabled"
    /// it would get traffic before the first check.
    /// </summary>
    public async Task AddAsync(NewServer server, CancellationToken cancellation)
    {
        var name = HaproxyNames.Checked(node, NewServerWords.Checked(node, server).Name);
        var command = string.Create(CultureInfo.InvariantCulture,
            $"add server {name} {server.Address} {server.Options} weight {server.Weight}");
        var more = string.Create(CultureInfo.InvariantCulture, $";enable health {name};set server {name} weight {server.FirstWeight}");
        var reply = await AskAsync(command + more, cancellation);
        // 2.5 has it behind a switch, by connection.
        if (reply.Contains("experimental", StringComparison.OrdinalIgnoreCase))
            reply = await AskAsync($"experimental-mode on;{command}{more}", cancellation);
        if (!reply.Contains("New server registered.", StringComparison.Ordinal))
            throw new AdapterException(node.Name, command, $"{node.Name}: {command}: {Reason(reply)}");
    }

    public async Task RemoveAsync(ServerName server, CancellationToken cancellation)
    {
        var name = HaproxyNames.Checked(node, server);
        var command = $"set server {name} state maint;del server {name}";
        var reply = await AskAsync(command, cancellation);
        if (reply.Contains("experimental", StringComparison.OrdinalIgnoreCase))
            reply = await AskAsync($"experimental-mode on;{command}", cancellation);
        if (!reply.Contains("Server deleted.", StringComparison.Ordinal) && !reply.Contains("No such server.", StringComparison.Ordinal))
            throw new AdapterException(node.Name, command, $"{node.Name}: del server {name}: {Reason(reply)}",
                isTransient: reply.Contains("connections attached", StringComparison.Ordinal));
    }

    public Task WriteLineAsync(NewServer server, CancellationToken cancellation) =>
        EditAsync(HaproxyNames.Checked(node, NewServerWords.Checked(node, server).Name), file => file.With(server), cancellation);

    public Task EraseLineAsync(ServerName server, CancellationToken cancellation) =>
        EditAsync(server, file => file.Without(server.Server), cancellation);

    private async Task EditAsync(ServerName server, Func<HaproxyPoolLines, string?> edit, CancellationToken cancellation)
    {
        var before = await TextAsync(cancellation);
        if (edit(new HaproxyPoolLines(before, server.Pool)) is not { } text)
            throw new AdapterException(node.Name, "haproxy",
                $"{node.Haproxy.Config} on {node.Name} has no place for {server}: no section \"backend {server.Pool}\"");
        if (text == before)
            return;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before)));
        var command = new RemoteCommand(["sh", "-c", EmbeddedScript.Read("haproxy-edit.sh"), "lbctl", node.Haproxy.Config, hash,
            node.Haproxy.Binary])
        {
            Name = "changing HAProxy's configuration",
            StandardInput = text,
        };
        var result = await shell.RunAsync(RemoteHost.Of(node), command, cancellation);
        if (result.Ok)
            return;
        var said = Printable.Line(result.LastLine);
        throw new AdapterException(node.Name, command.Name, result.ExitCode switch
        {
            3 => $"{node.Haproxy.Config} on {node.Name} was changed by somebody else meanwhile, or is not plain "
                + "text; it is as they left it",
            4 => $"haproxy -c on {node.Name} refuses the changed configuration, so it was not put in place: {said}",
            _ => $"{node.Haproxy.Config} on {node.Name} could not be changed: {said}",
        });
    }

    private async Task<string> TextAsync(CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, new("cat", "--", node.Haproxy.Config), cancellation);
        return result.Ok && !result.Truncated ? result.Output
            : throw RemoteFailure.Of(host, "reading the configuration", result,
                $"{node.Haproxy.Config} on {node.Name} cannot be read: {Printable.Line(result.LastLine)}");
    }

    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        var answer = await _socket.AskAsync(node, "admin socket", node.Haproxy.Socket, command, cancellation);
        return answer.Text ?? throw new AdapterException(node.Name, command, $"{node.Name}: {answer.Error}");
    }

    private static string Reason(string reply) =>
        HaproxyReply.Parse(string.Join("; ",
            reply.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l != "No such server.")
                .Take(3))).Error ?? "no answer";
}
