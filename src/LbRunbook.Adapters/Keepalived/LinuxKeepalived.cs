using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LbRunbook.Adapters.Observing;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Adapters.Vip;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Keepalived;

/// <summary>
/// keepalived 2.x on Linux nodes: read without a signal, changed only through its own configuration, tracked files and service.
/// </summary>
internal sealed class LinuxKeepalived(IRemoteShell shell) : IKeepalived
{
    private const string Look = "printf '\\n==lbctl== addr\\n'; ip -j addr; printf '\\n==lbctl== keepalived\\n'\n";

    /// <summary>Test, reload and proof take well under a second; a machine that is in trouble is slower.</summary>
    private static readonly TimeSpan EditTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Its words for the look at a whole node, which runs the same script.</summary>
    public static string[] Parameters(Node node) => [node.Ssh.Sudo ? "sudo" : "", node.Keepalived.Config, node.Keepalived.Service];

    public async Task<KeepalivedState?> ReadAsync(Node node, CancellationToken cancellation)
    {
        var (report, addresses) = await LookAsync(node, cancellation);
        return KeepalivedReader.Build(report, addresses);
    }

    public async Task SetAsync(Node node, IReadOnlyList<VrrpSetting> settings, CancellationToken cancellation)
    {
        var (report, _) = await LookAsync(node, cancellation);
        foreach (var daemon in report.Daemons)
        {
            var top = KeepalivedConfig.Parse(daemon.Files, daemon.ConfigId).Top;
            // The last one is told of what no configuration has, too: it says so.
            var theirs = settings.Where(s => top.All("vrrp_instance").Any(i => i.Value == s.Instance)
                || (daemon == report.Daemons[^1] && !report.Daemons.Any(d => Knows(d, s.Instance)))).ToList();
            if (theirs.Count > 0)
                await SetAsync(node, daemon, top, theirs, cancellation);
        }
    }

    public async Task SetTrackFileAsync(Node node, string path, int value, CancellationToken cancellation)
    {
        // The name only ever is an argument; a login that may not write the file is told so by its shell.
        var command = new RemoteCommand("sh", "-c", "printf '%s\\n' \"$2\" >\"$1\"", "lbctl", path,
            value.ToString(CultureInfo.InvariantCulture))
        {
            Name = "writing a tracked file",
        };
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, command, cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(host, command.Name, result, $"{path} on {node.Name} could not be written: {result.LastLine}");
    }

    public Task StartAsync(Node node, CancellationToken cancellation) =>
        SystemctlAsync(node, cancellation, "start", node.Keepalived.Service);

    public async Task StopAsync(Node node, bool kill, CancellationToken cancellation)
    {
        if (kill)
            await SystemctlAsync(node, cancellation, "kill", "-s", "KILL", node.Keepalived.Service);
        await SystemctlAsync(node, cancellation, "stop", node.Keepalived.Service);
    }

    private static bool Knows(KeepalivedDaemon daemon, string instance) =>
        KeepalivedConfig.Parse(daemon.Files, daemon.ConfigId).Top.All("vrrp_instance").Any(i => i.Value == instance);

    private async Task SetAsync(
        Node node, KeepalivedDaemon daemon, KeepalivedDirective top, IReadOnlyList<VrrpSetting> settings, CancellationToken cancellation)
    {
        if (!daemon.MayEdit)
            throw new AdapterException(node.Name, "keepalived",
                $"{daemon.ConfigPath} on {node.Name} cannot be changed by this login: whoever writes it could run anything as root there");
        IReadOnlyList<KeepalivedFile> files;
        try
        {
            files = KeepalivedEditor.Apply(top, settings);
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "keepalived",
                $"{daemon.ConfigPath} on {node.Name} cannot be changed: {e.Message}", inner: e);
        }
        var edited = daemon.Files.Select(f => files.FirstOrDefault(n => n.Path == f.Path) ?? f).ToList();
        var wanted = new VrrpInstanceReader(KeepalivedConfig.Parse(edited, daemon.ConfigId).Top, daemon, []).All()
            .Where(i => settings.Any(s => s.Instance == i.Name)).Select(i => $"{i.Name} {i.Priority}");
        foreach (var file in files)
            await WriteAsync(node, daemon, file, files.Count == 1 ? wanted : [], cancellation);
    }

    private async Task<(KeepalivedReport Report, IReadOnlyList<HeldAddress> Addresses)> LookAsync(Node node, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, RemoteCommand.Script(Look + EmbeddedScript.Read("keepalived.sh"), Parameters(node)),
            cancellation);
        var sections = LookReport.Parse(result.Output);
        if (!result.Ok || sections.Text("addr") is not { } addresses)
            throw RemoteFailure.Of(host, "looking at keepalived", result);
        try
        {
            return (KeepalivedReport.Parse(sections.Text("keepalived") ?? ""), IpAddrJson.Parse(addresses.Trim()).Addresses);
        }
        catch (FormatException e)
        {
            throw new AdapterException(node.Name, "ip addr", $"{e.Message} on {node.Name}: it needs iproute2 4.13 or later", inner: e);
        }
    }

    private async Task WriteAsync(
        Node node, KeepalivedDaemon daemon, KeepalivedFile file, IEnumerable<string> wanted, CancellationToken cancellation)
    {
        var host = RemoteHost.Of(node);
        var command = new RemoteCommand(["sh", "-c", EmbeddedScript.Read("keepalived-edit.sh"), "lbctl", file.Path, file.Sha256,
            daemon.ConfigPath, node.Keepalived.Service, daemon.Pid, daemon.Root, daemon.ConfigId, .. wanted])
        {
            Name = "changing keepalived's configuration",
            StandardInput = Text(daemon.Files.First(f => f.Path == file.Path), file.Lines, node),
            Timeout = EditTimeout,
        };
        var result = await shell.RunAsync(host, command, cancellation);
        if (result.Ok)
            return;
        throw new AdapterException(node.Name, command.Name, result.ExitCode switch
        {
            3 => $"{file.Path} on {node.Name} was changed by somebody else meanwhile; it is as they left it",
            4 => $"keepalived -t on {node.Name} refuses the changed priority, so the configuration was left as it was: {result.LastLine}",
            7 => $"keepalived on {node.Name} did not load the changed configuration; the old one was put back and reloaded",
            8 => $"keepalived on {node.Name} (process {daemon.Pid}) is gone; nothing was changed",
            _ => $"{file.Path} on {node.Name} could not be changed: {result.LastLine}",
        });
    }

    /// <summary>
    /// With the line end at the end of the file, or without it, as it was; only text that came here byte for byte is sent back.
    /// </summary>
    private static string Text(KeepalivedFile before, IReadOnlyList<string> lines, Node node)
    {
        foreach (var end in (string[])["\n", ""])
            if (Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', before.Lines) + end))) == before.Sha256)
                return string.Join('\n', lines) + end;
        throw new AdapterException(node.Name, "keepalived",
            $"{before.Path} on {node.Name} is not plain UTF-8 text, so it is not rewritten");
    }

    private async Task SystemctlAsync(Node node, CancellationToken cancellation, params string[] arguments)
    {
        var host = RemoteHost.Of(node);
        var result = await shell.RunAsync(host, new RemoteCommand(["systemctl", .. arguments]) { AsRoot = true }, cancellation);
        if (!result.Ok)
            throw RemoteFailure.Of(host, $"systemctl {string.Join(' ', arguments)}", result);
    }
}
