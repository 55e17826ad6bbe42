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
        var command = node.Service.Reload
            ?? (node.Service.UsesSystemd ? ["systemctl", "reload", node.ServiceName] : [node.Nginx.Binary, "-s", "reload"]);
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host,
            node.Ssh.Sudo ? new(command) { AsRoot = true } : await PoliteAsync(node, command, cancellation), cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(host, string.Join(' ', command), result);
    }

    /// <param name="name">The script that uses the functions.</param>
    public static string Script(string name) => EmbeddedScript.Read("nginx-reload.sh") + EmbeddedScript.Read(name);

    /// <summary>What the functions want to know: the pid file, the close file, and how long to wait until the clients are gone.</summary>
    public static IReadOnlyList<string> Arguments(Node node, IReadOnlyList<NginxDirective> configuration, NginxPatience patience)
    {
        var wait = patience == NginxPatience.Urgent ? TimeSpan.FromMilliseconds(250) : TimeSpan.FromSeconds(2);
        var asks = NginxClosing.Asks(configuration, node.Nginx.CloseFile);
        return [node.Nginx.PidFile, asks ? node.Nginx.CloseFile! : "", ((int)(wait / s_hundredth)).ToString(CultureInfo.InvariantCulture)];
    }

    /// <summary>A configuration that cannot be read is no reason not to reload: nginx keeps its old one then.</summary>
    private async Task<RemoteCommand> PoliteAsync(Node node, IReadOnlyList<string> reload, CancellationToken cancellation)
    {
        IReadOnlyList<NginxDirective> configuration = [];
        try
        {
            configuration = NginxDump.Parse(await NginxFiles.ReadAsync(shell, node, cancellation));
        }
        catch (AdapterException)
        {
        }
        return new(["sh", "-c", Script("nginx-renew.sh"), "lbctl", .. Arguments(node, configuration, NginxPatience.Gentle), .. reload]);
    }
}
