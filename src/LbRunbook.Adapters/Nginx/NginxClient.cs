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
            var daemon = await NginxFinder.FindAsync(shell, node, cancellation);
            var result = await shell.RunAsync(RemoteHost.Of(node), Command(node, daemon), cancellation);
            var report = NginxReport.Parse(result.Output);
            return report.Sections.ContainsKey("status")
                ? NginxState.Build(node, daemon, report)
                : Silent($"the node did not run the status script: {Printable.Line(result.LastLine)} (exit code {result.ExitCode})");
        }
        catch (AdapterException e)
        {
            return Silent(e.Message);
        }
    }

    public async Task<string?> TestConfigurationAsync(Node node, CancellationToken cancellation)
    {
        var daemon = await NginxFinder.FindAsync(shell, node, cancellation);
        // The file of the configured path may be anybody's then.
        if (daemon.WhyUnseen is { } why)
            throw new AdapterException(node.Name, "configuration test", $"the test could not be run: nginx was not found: {why}");
        return await ConfigurationTest.RunAsync(shell, node, [.. daemon.Call("-t")], "[emerg]", cancellation);
    }

    private static RemoteCommand Command(Node node, NginxDaemon daemon)
    {
        var url = node.Nginx.Status;
        var seconds = Math.Clamp(Math.Min(StatusPatience.TotalSeconds, node.Ssh.CommandTimeout.TotalSeconds), 1, 60);
        string[] parameters =
        [
            url.AbsoluteUri,
            url.IdnHost.Trim('[', ']'),
            url.Port.ToString(CultureInfo.InvariantCulture),
            url.PathAndQuery,
            daemon.Runs ? daemon.Pid.ToString(CultureInfo.InvariantCulture) : "",
            Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture),
            node.Ssh.Sudo ? "sudo" : "",
            node.Nginx.CloseFile ?? "",
            .. daemon.Call("-T"),
        ];
        return RemoteCommand.Script(NginxScript.Text, parameters);
    }

    private static ProxyState Silent(string error) => new() { Kind = ProxyKind.Nginx, Answers = false, Error = error };
}
