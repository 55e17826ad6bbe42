using System.Globalization;
using LbRunbook.Adapters.Owners;
using LbRunbook.Adapters.Ssh;
using LbRunbook.Core.Model;

namespace LbRunbook.Adapters.Observing;

/// <summary>The one command of a look at a node: <c>Scripts/look.sh</c> with everything that it has to know.</summary>
internal static class LookScript
{
    public static RemoteCommand Command(Fleet fleet, Node node, bool full, TimeSpan checkTimeout, TimeSpan timeout)
    {
        List<string> parameters =
        [
            full ? "full" : "quick",
            node.Service.UsesSystemd ? node.ServiceName : "",
            node.Ssh.Sudo ? "sudo" : "",
            node.ProxyName,
            // Under the same path the machine has another file, or none.
            node.Exec is null ? string.Join('\n', node.ProxyConfigPaths) : "",
            // Every node's words are replaced on every node: a peers section that names all of them then stays equal on all.
            string.Join('\n', fleet.Nodes.SelectMany(n => (string[])[n.Name, n.Host]).Distinct()),
            Math.Max(1, Math.Ceiling(checkTimeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            EmbeddedScript.Read("checks.sh"),
            string.Join('\n', fleet.Vips.Select(v => $"{v.Cidr} {v.InterfaceOn(node)} {(v.IsIPv6 ? "6" : "4")}")),
            EmbeddedScript.Read("keepalived.sh"),
            node.Keepalived.Config,
            node.Keepalived.Service,
            EmbeddedScript.Read("owners.sh"),
        ];
        parameters.AddRange(OwnersReport.Parameters(fleet, node));
        if (full)
            foreach (var pool in fleet.Pools)
                foreach (var backend in pool.Backends)
                    parameters.AddRange(Check(pool, backend));
        return RemoteCommand.Script(EmbeddedScript.Read("look.sh"), [.. parameters]) with { Timeout = timeout };
    }

    /// <summary>One backend, checked by the node alone.</summary>
    public static RemoteCommand OneCheck(Pool pool, Backend backend, TimeSpan timeout) =>
        RemoteCommand.Script(
            "exec bash -c \"$@\"",
            [EmbeddedScript.Read("checks.sh"), "checks",
                Math.Max(1, Math.Ceiling(timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture), .. Check(pool, backend)])
            with { Name = "checking a backend" };

    public static string Key(Pool pool, Backend backend) => $"{pool.Name}/{backend.Name}";

    /// <summary>A command check is a program of this machine: from a node only its port can be asked.</summary>
    private static string[] Check(Pool pool, Backend backend)
    {
        var http = pool.Health as HttpCheck;
        var port = pool.Health?.PortOn(backend.Port) ?? backend.Port;
        var host = http?.Host ?? (backend.Host.Contains(':', StringComparison.Ordinal) ? $"[{backend.Host}]" : backend.Host);
        return
        [
            Key(pool, backend), http is null ? "tcp" : http.Tls ? "https" : "http", backend.Host,
            port.ToString(CultureInfo.InvariantCulture),
            http?.Method ?? "", http?.Path ?? "", host, http?.Body ?? "",
        ];
    }
}
