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
        var daemon = await NginxFinder.FindAsync(shell, node, cancellation);
        // A file that is changed is no change where something serves that will not load it.
        if (!daemon.Runs && (await new NginxClient(shell).ReadAsync(node, cancellation)).WhyNoChange is { } why)
            throw new AdapterException(node.Name, "nginx", $"{why}; nothing was changed there");
        var files = await NginxFiles.ReadAsync(shell, node, daemon, cancellation);
        try
        {
            foreach (var (file, text) in edit(files))
                await WriteAsync(daemon, file, text, NginxReload.Arguments(node, daemon, NginxDump.Parse(files), patience), cancellation);
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "nginx", $"{node.Name}: {e.Message}", inner: e);
        }
    }

    private async Task WriteAsync(
        NginxDaemon daemon, NginxFile file, string text, IReadOnlyList<string> reload, CancellationToken cancellation)
    {
        var before = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Text)));
        var command = new RemoteCommand(["sh", "-c", NginxReload.Script("nginx-edit.sh"), "lbctl", .. reload, file.Path, before,
            .. daemon.Call("-t")])
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
            8 => $"nginx on {node.Name} was restarted or stopped meanwhile (its master process {daemon.Pid} is gone), so {file.Path} is as "
                + "it was; the same command again looks for the new one",
            _ => $"{file.Path} on {node.Name} could not be changed: {said}",
        });
    }
}
