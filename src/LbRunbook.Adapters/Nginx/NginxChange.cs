using System.Security.Cryptography;
using System.Text;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>
/// A change of open-source nginx: there is no runtime interface, so the configuration is changed, tested and loaded, and the loading is
/// proven.
/// </summary>
internal sealed class NginxChange(Node node, IRemoteShell shell)
{
    /// <summary>Test, reload and proof take well under a second; a machine that is in trouble is slower.</summary>
    private static readonly TimeSpan EditTimeout = TimeSpan.FromSeconds(20);

    /// <exception cref="AdapterException">It is as it was.</exception>
    public async Task RunAsync(
        Func<IReadOnlyList<NginxFile>, IReadOnlyList<(NginxFile File, string Text)>> edit,
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
                await WriteAsync(file, text, NginxReload.Arguments(node, NginxDump.Parse(files), patience), cancellation);
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "nginx", $"{node.Name}: {e.Message}", inner: e);
        }
    }

    private async Task WriteAsync(NginxFile file, string text, IReadOnlyList<string> reload, CancellationToken cancellation)
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
