using System.Globalization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Nginx;

/// <summary>Makes the state out of the script's report. Pure.</summary>
internal static class NginxState
{
    private const string Blindness =
        "open-source nginx reports nothing per upstream server: health is unknown, weight and down/backup are those of the file on disk, "
            + "sessions are TCP connections from the node";

    public static ProxyState Build(Node node, NginxDaemon daemon, NginxReport report)
    {
        var status = StubStatus.Parse(report["status"]);
        var (master, workers) = Processes(report["processes"]);
        var connections = Connections(report["connections"]);
        var configuration = NginxDump.Parse(report.Configuration);
        var counts = !report["connections"].StartsWith("unknown", StringComparison.Ordinal);
        IReadOnlyList<ServerState> servers =
            [.. NginxUpstreams.Servers(configuration, connections).Select(s => s with { MoreSessions = Uncounted(s, counts) })];
        return new()
        {
            Kind = ProxyKind.Nginx,
            Answers = status is not null,
            Error = status is null ? NoStatus(node, daemon, report, master) : null,
            Version = daemon.Build?.Version,
            Pid = master,
            Uptime = master > 0 && int.TryParse(report["uptime"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null,
            CurrentConnections = status?.Active ?? 0,
            OldWorkers = [.. workers.Where(w => w.ShuttingDown).Select(w => w.Pid)],
            Servers = servers,
            Stickiness = NginxStickiness.Of(configuration),
            LetsClientsGo = NginxClosing.AllAsk(configuration, node.Nginx.CloseFile),
            ClosingFor = int.TryParse(report["closing"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var since)
                ? TimeSpan.FromSeconds(since)
                : null,
            WhyNoChange = master > 0 ? null : WhyNoChange(node, daemon, status is not null),
            Notes = [.. daemon.Notes, .. Notes(node, daemon, report, master, status, servers, configuration)],
        };
    }

    private static string NoStatus(Node node, NginxDaemon daemon, NginxReport report, int master)
    {
        var said = Printable.Line(report["status"].Split('\n')[^1]);
        var status = $"stub_status {node.Nginx.Status} did not answer{(said.Length > 0 ? $": {said}" : "")}";
        if (report["status"].Length > 0 && !report.Sections.ContainsKey("status-failed"))
            status = $"{node.Nginx.Status} answered with something else than stub_status";
        return master > 0
            ? $"nginx runs (pid {master}), but {status}"
            : daemon.WhyUnseen is { } why ? $"nginx was not found: {why}; {status}"
            : $"nginx does not run: there is no master process; {status}";
    }

    /// <summary>What serves and cannot be told to load anything must not be counted as changed.</summary>
    private static string? WhyNoChange(Node node, NginxDaemon daemon, bool answers) =>
        daemon.WhyUnseen is { } why ? $"nginx on {node.Name} was not found: {why}"
        : answers ? $"nginx on {node.Name} answers at {node.Nginx.Status}, but its master process is not to be seen: nothing can be loaded "
            + "by it"
        : null;

    private static IEnumerable<string> Notes(
        Node node, NginxDaemon daemon, NginxReport report, int master, StubStatus? status, IReadOnlyList<ServerState> servers,
        IReadOnlyList<NginxDirective> configuration)
    {
        if (servers.Count > 0)
            yield return Blindness;
        if (report.ConfigurationExit is not 0)
        {
            var reason = report.ConfigurationError.Split('\n').FirstOrDefault(l => l.Contains("[emerg]"))
                ?? report.ConfigurationError.Split('\n')[^1];
            yield return report.Complete
                ? $"the upstream servers are not known, nginx -T failed: {Printable.Line(reason)}"
                : "the upstream servers are not known: the node's answer was cut off";
        }
        if (WhyNoChange(node, daemon, status is not null) is { } why && master == 0)
            yield return why;
        if (master > 0 && daemon.PidFileSays != master && node.Nginx.PidFile == daemon.PidFile(NginxDump.PidFile(configuration), ""))
            yield return PidFileIsWrong(node, daemon);
        foreach (var named in servers.Where(IsNamed))
            yield return $"sessions of {named.Pool}/{named.Server} are not counted: it is configured by name, not by address";
    }

    private static string? Uncounted(ServerState server, bool counts) =>
        !counts ? "its connections cannot be counted: there is no ss on the node"
        : IsNamed(server) ? "it is configured by name, so that its connections cannot be told from others"
        : null;

    private static bool IsNamed(ServerState server) =>
        server.Address is { } a && !a.StartsWith("unix:", StringComparison.Ordinal)
        && !System.Net.IPEndPoint.TryParse(a, out _);

    private static (int Master, IReadOnlyList<(int Pid, bool ShuttingDown)> Workers) Processes(string section)
    {
        var lines = section.Split('\n')
            .Select(l => l.Split(' ', 2))
            .Where(p => p.Length == 2 && int.TryParse(p[0], NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(p => (Pid: int.Parse(p[0], CultureInfo.InvariantCulture), Title: p[1]))
            .ToList();
        // A stale pid file may name a process of somebody else by now.
        if (lines.Count == 0 || !lines[0].Title.StartsWith("nginx: master process", StringComparison.Ordinal))
            return (0, []);
        return (lines[0].Pid, [.. lines.Skip(1)
            .Where(l => l.Title.StartsWith("nginx: worker process", StringComparison.Ordinal))
            .Select(l => (l.Pid, l.Title.Contains("is shutting down")))]);
    }

    private static Dictionary<string, int> Connections(string section)
    {
        var counts = new Dictionary<string, int>();
        foreach (var parts in section.Split('\n').Select(l => l.Split(' ')))
        {
            if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                counts[parts[1]] = count;
        }
        return counts;
    }

    private static string PidFileIsWrong(Node node, NginxDaemon daemon) =>
        $"{node.Nginx.PidFile} {(daemon.PidFileSays is { } other ? $"names process {other}" : "names no process")}, and nginx's master "
            + $"process is {daemon.Pid}: nginx's own reload and its service's do not reach it (echo {daemon.Pid} >{node.Nginx.PidFile})";
}
