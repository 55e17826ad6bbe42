using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>How long clients are let go before new workers take over.</summary>
internal enum NginxPatience
{
    /// <summary>A server has to go now: only those that are busy have their turn.</summary>
    Urgent,

    /// <summary>Whoever asks for something every other second is not cut off.</summary>
    Gentle,
}

/// <summary>New workers for nginx, its clients asked to leave the old ones before: <c>Scripts/nginx-reload.sh</c>.</summary>
internal sealed class NginxReload(IRemoteShell shell)
{
    private static readonly TimeSpan s_hundredth = TimeSpan.FromMilliseconds(10);

    public async Task RunAsync(Node node, CancellationToken cancellation)
    {
        var daemon = await NginxFinder.FindAsync(shell, node, cancellation);
        if (WhyNot(node, daemon) is { } why)
            throw new AdapterException(node.Name, "reloading nginx", $"nginx on {node.Name} was not reloaded: {why}");
        var command = node.Service.Reload
            ?? (node.Service.UsesSystemd ? ["systemctl", "reload", node.ServiceName] : daemon.Call("-s", "reload"));
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host,
            node.Ssh.Sudo ? new(command) { AsRoot = true } : await PoliteAsync(node, daemon, command, cancellation), cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(host, string.Join(' ', command.Take(3)), result);
    }

    public async Task<string?> WhyNotAsync(Node node, CancellationToken cancellation) =>
        WhyNot(node, await NginxFinder.FindAsync(shell, node, cancellation));

    /// <summary>nginx's own reload signals whatever its pid file names. A command of one's own does what its author means.</summary>
    private static string? WhyNot(Node node, NginxDaemon daemon) => daemon switch
    {
        _ when node.Service.Reload is not null => null,
        { Runs: false } => daemon.WhyUnseen ?? "there is no master process",
        _ when node.Ssh.Sudo && daemon.PidFileSays != daemon.Pid =>
            $"its master process is {daemon.Pid}, and {node.Nginx.PidFile} names {daemon.PidFileSays?.ToString(CultureInfo.InvariantCulture)
                ?? "no process"}: a reload would not reach it",
        _ => null,
    };

    /// <param name="name">The script that uses the functions.</param>
    public static string Script(string name) => EmbeddedScript.Read("nginx-reload.sh") + EmbeddedScript.Read(name);

    /// <summary>
    /// What the functions want to know: the master and when it began, the close file, and how long to wait until the clients are gone.
    /// </summary>
    public static IReadOnlyList<string> Arguments(
        Node node, NginxDaemon daemon, IReadOnlyList<NginxDirective> configuration, NginxPatience patience)
    {
        var wait = patience == NginxPatience.Urgent ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(2);
        var asks = NginxClosing.Asks(configuration, node.Nginx.CloseFile);
        return [daemon.Runs ? daemon.Pid.ToString(CultureInfo.InvariantCulture) : "", daemon.Start, asks ? node.Nginx.CloseFile! : "",
            ((int)(wait / s_hundredth)).ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>A configuration that cannot be read is no reason not to reload: nginx keeps its old one then.</summary>
    private async Task<RemoteCommand> PoliteAsync(
        Node node, NginxDaemon daemon, IReadOnlyList<string> reload, CancellationToken cancellation)
    {
        IReadOnlyList<NginxDirective> configuration = [];
        try
        {
            configuration = NginxDump.Parse(await NginxFiles.ReadAsync(shell, node, daemon, cancellation));
        }
        catch (AdapterException)
        {
        }
        var pidFile = node.Service.Reload is null ? daemon.PidFile(NginxDump.PidFile(configuration), node.Nginx.PidFile) : "";
        return new(["sh", "-c", Script("nginx-renew.sh"), "lbctl", .. Arguments(node, daemon, configuration, NginxPatience.Gentle), pidFile,
            .. reload]);
    }
}
