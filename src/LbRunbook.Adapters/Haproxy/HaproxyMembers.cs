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
    private readonly HaproxyAdmin _admin = new(shell);

    public async Task<PoolLines> ReadAsync(string pool, CancellationToken cancellation)
    {
        var (path, text, _) = await FileAsync(pool, cancellation);
        var file = new HaproxyPoolLines(text, pool);
        var why = !file.Found ? $"{path} on {node.Name} has no section \"backend {pool}\""
            : node.Ssh.Sudo ? $"{path} on {node.Name} is not changed by a login that is not root: whoever writes it could "
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
        var (path, before, running) = await FileAsync(server.Pool, cancellation);
        if (edit(new HaproxyPoolLines(before, server.Pool)) is not { } text)
            throw new AdapterException(node.Name, "haproxy",
                $"{path} on {node.Name} has no place for {server}: no section \"backend {server.Pool}\"");
        if (text == before)
            return;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before)));
        var command = new RemoteCommand(["sh", "-c", HaproxyRunning.Script("haproxy-edit.sh"), "lbctl", .. running.Where, path, hash,
            running.Node.Haproxy.Binary, .. running.TestWords])
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
            3 => $"{path} on {node.Name} was changed by somebody else meanwhile, or is not plain "
                + "text; it is as they left it",
            4 => $"haproxy -c on {node.Name} refuses the changed configuration, so it was not put in place: {said}",
            _ => $"{path} on {node.Name} could not be changed: {said}",
        });
    }

    /// <summary>The one of the files that HAProxy was started with in which the pool stands; where it is in none, the first.</summary>
    private async Task<(string Path, string Text, HaproxyRunning Running)> FileAsync(string pool, CancellationToken cancellation)
    {
        var running = await HaproxyRunning.OfAsync(shell, node, cancellation);
        (string, string)? first = null;
        foreach (var path in await HaproxyFiles.ListAsync(shell, running.Node, cancellation))
        {
            var text = await HaproxyFiles.ReadAsync(shell, node, path, cancellation);
            first ??= (path, text);
            if (new HaproxyPoolLines(text, pool).Found)
                return (path, text, running);
        }
        return first is var (main, content) ? (main, content, running)
            : throw new AdapterException(node.Name, "reading the configuration",
                $"{string.Join(", ", running.Node.Haproxy.AllConfig)} on {node.Name}: there is no file");
    }

    private async Task<string> AskAsync(string command, CancellationToken cancellation)
    {
        var answer = await _admin.AskAsync(node, command, cancellation);
        return answer.Text ?? throw new AdapterException(node.Name, command, $"{node.Name}: {answer.Error}");
    }

    private static string Reason(string reply) =>
        HaproxyReply.Parse(string.Join("; ",
            reply.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(l => l != "No such server.")
                .Take(3))).Error ?? "no answer";
}
