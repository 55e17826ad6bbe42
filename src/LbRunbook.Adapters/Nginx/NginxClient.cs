using System.Globalization;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Nginx;

/// <summary>One nginx: its status page, processes and configuration, asked on the node, and its configuration test.</summary>
internal sealed class NginxClient(IRemoteShell shell)
{
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(2);

    /// <summary>Never throws for a proxy that does not answer.</summary>
    public async Task<ProxyState> ReadAsync(Node node, CancellationToken cancellation)
    {
        try
        {
            var result = await shell.RunAsync(RemoteHost.Of(node), Command(node), cancellation);
            var report = NginxReport.Parse(result.Output);
            return report.Sections.ContainsKey("status")
                ? NginxState.Build(node, report)
                : Silent($"the node did not run the status script: {Printable.Line(result.LastLine)} (exit code {result.ExitCode})");
        }
        catch (AdapterException e)
        {
            return Silent(e.Message);
        }
    }

    public Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation) =>
        ConfigurationTest.RunAsync(shell, node, [node.Nginx.Binary, "-t", "-c", node.Nginx.Config], "[emerg]", cancellation);

    private static RemoteCommand Command(Node node)
    {
        var url = node.Nginx.Status;
        var seconds = Math.Clamp(Math.Min(StatusPatience.TotalSeconds, node.Ssh.CommandTimeout.TotalSeconds), 1, 60);
        return RemoteCommand.Script(
            NginxScript.Text,
            url.AbsoluteUri,
            url.IdnHost.Trim('[', ']'),
            url.Port.ToString(CultureInfo.InvariantCulture),
            url.PathAndQuery,
            node.Nginx.Binary,
            node.Nginx.Config,
            node.Nginx.PidFile,
            Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture),
            node.Ssh.Sudo ? "sudo" : "",
            node.Nginx.CloseFile ?? "");
    }

    private static ProxyState Silent(string error) => new() { Kind = ProxyKind.Nginx, Answers = false, Error = error };
}
