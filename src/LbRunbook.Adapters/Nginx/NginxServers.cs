using System.Security.Cryptography;
using System.Text;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// Servers of open-source nginx: there is no runtime interface, so the configuration is changed, tested and loaded, and the loading is
/// proven. "Drain" and "maintenance" are both <c>down</c>: new workers send nothing there, old ones finish what they have.
/// </summary>
internal sealed class NginxServers(IRemoteShell shell)
{
    /// <summary>Test, reload and proof take well under a second; a machine that is in trouble is slower.</summary>
    private static readonly TimeSpan EditTimeout = TimeSpan.FromSeconds(20);

    public Task SetStateAsync(Node node, ServerName server, AdminState state, CancellationToken cancellation) => ChangeAsync(
        node, files => NginxUpstreamEdit.SetDown(files, server, down: state != AdminState.Ready),
        state == AdminState.Maint ? NginxPatience.Urgent : NginxPatience.Gentle, cancellation);

    public Task SetWeightAsync(Node node, ServerName server, int weight, CancellationToken cancellation) =>
        ChangeAsync(node, files => NginxUpstreamEdit.SetWeight(files, server, weight), NginxPatience.Gentle, cancellation);

    public async Task<PoolLines> ReadLinesAsync(Node node, string pool, CancellationToken cancellation)
    {
        var lines = NginxMembersEdit.Lines(await NginxFiles.ReadAsync(shell, node, cancellation), pool);
        var why = lines is null ? $"{node.Nginx.Config} on {node.Name} has no upstream {pool}"
            : node.Ssh.Sudo ? $"{node.Nginx.Config} on {node.Name} is not changed by a login that is not root" : null;
        return new(why, [.. lines?.Where(l => !l.Added).Select(l => l.Server) ?? []],
            [.. lines?.Where(l => l.Added).Select(l => l.Server) ?? []]);
    }

    public Task AddAsync(Node node, NewServer server, CancellationToken cancellation) =>
        ChangeAsync(node, files => NginxMembersEdit.Add(files, server), NginxPatience.Gentle, cancellation);

    public Task RemoveAsync(Node node, ServerName server, CancellationToken cancellation) =>
        ChangeAsync(node, files => NginxMembersEdit.Remove(files, server), NginxPatience.Gentle, cancellation);

    private async Task ChangeAsync(Node node, Func<IReadOnlyList<NginxFile>, IReadOnlyList<(NginxFile File, string Text)>> edit,
        NginxPatience patience, CancellationToken cancellation)
    {
        if (node.Ssh.Sudo)
            throw new AdapterException(node.Name, "nginx",
                $"{node.Nginx.Config} on {node.Name} cannot be changed by this login: whoever writes it could run anything as root there. "
                    + "Isolating with nginx needs ssh as root");
        var files = await NginxFiles.ReadAsync(shell, node, cancellation);
        try
        {
            foreach (var (file, text) in edit(files))
                await WriteAsync(node, file, text, NginxReload.Arguments(node, NginxDump.Parse(files), patience), cancellation);
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "nginx", $"{node.Name}: {e.Message}", inner: e);
        }
    }

    private async Task WriteAsync(Node node, NginxFile file, string text, IReadOnlyList<string> reload, CancellationToken cancellation)
    {
        var before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text)));
        var command = new RemoteCommand(["sh", "-c", NginxReload.Script("nginx-edit.sh"), "lbctl", .. reload, file.Path, before,
            node.Nginx.Config, node.Nginx.Binary])
        {
            Name = "changing nginx's configuration",
            StandardInput = text,
            Timeout = EditTimeout,
        };
        var result = await shell.RunAsync(RemoteHost.Of(node), command, cancellation);
        if (result.Ok)
            return;
        var said = Printable.Line(result.LastLine);
        throw new AdapterException(node.Name, command.Name, result.ExitCode switch
        {
            3 => $"{file.Path} on {node.Name} was changed by somebody else meanwhile, or is not plain text; it is as they left it",
            4 => $"nginx -t on {node.Name} refuses the changed configuration, so the old one was put back: {said}",
            7 => $"nginx on {node.Name} did not start new workers with the changed configuration; the old one was put "
                + $"back and reloaded: {said}",
            _ => $"{file.Path} on {node.Name} could not be changed: {said}",
        });
    }
}
