using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Puts the replies together. Pure.</summary>
internal static class HaproxyState
{
    public static ProxyState Build(RuntimeReply reply, MasterView master, string socketPath)
    {
        var info = reply.Info!;
        return new()
        {
            Kind = ProxyKind.Haproxy,
            Answers = true,
            Version = info.Version,
            Pid = info.Pid,
            Uptime = info.Uptime,
            CurrentConnections = info.CurrentConnections,
            MaxConnections = info.MaxConnections,
            IdlePercent = info.IdlePercent,
            OldWorkers = master.OldWorkers,
            Servers = Slots([.. reply.Stat!.Servers.Select(row => Server(row, reply.Servers, master))], reply.Servers),
            Frontends = [.. reply.Stat.Frontends.Select(Frontend)],
            Balancing = [.. reply.Stat.Backends.Where(row => row["algo"].Length > 0).Select(HaproxyBalancing.Of)],
            Stickiness = [.. reply.Stat.Backends.Where(row => row["algo"].Length > 0).Select(Stickiness)],
            Notes = [.. Notes(reply, info, socketPath), .. master.Notes],
        };
    }

    private static ServerState Server(StatRow row, ShowServersState? saved, MasterView master)
    {
        var state = saved?.Servers.GetValueOrDefault((row.Proxy, row.Name));
        var address = row["addr"] is { Length: > 0 } shown ? shown : state?.Address ?? state?.Named;
        var weight = state?.Weight ?? (int?)row.Number("uweight") ?? (int?)row.Number("weight") ?? 0;
        return new()
        {
            Pool = row.Proxy,
            Server = row.Name,
            Admin = ServerStatus.Admin(row.Status, state?.AdminMask),
            Health = ServerStatus.Health(row.Status, row["check_status"].Length > 0 || row["tracked"].Length > 0),
            Status = row.Status,
            Address = address,
            Fqdn = state?.Fqdn,
            HasNoAddress = ServerStatus.HasNoAddress(row.Status, state?.AdminMask, address),
            AgentSpeaks = state?.AgentSpeaks,
            Weight = weight,
            InitialWeight = state?.InitialWeight ?? weight,
            MoreSessions = master.Uncounted,
            CurrentSessions = (row.Number("scur") ?? 0) + master.Sessions.GetValueOrDefault((row.Proxy, row.Name)),
            Queued = row.Number("qcur") ?? 0,
            TotalSessions = row.Number("stot") ?? 0,
            LastCheck = row.LastCheck,
            Backup = row.Number("bck") is > 0,
            SessionLimit = row.Number("slim"),
            SinceChange = row.Number("lastchg") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Tracks = row["tracked"] is { Length: > 0 } tracked ? tracked : null,
            Errors = (row.Number("econ") ?? 0) + (row.Number("eresp") ?? 0) + (row.Number("hrsp_5xx") ?? 0),
            AdminMask = state?.AdminMask,
        };
    }

    /// <summary>Several servers of one name are places of a template: DNS fills them in any order, on each node in another one.</summary>
    private static IReadOnlyList<ServerState> Slots(IReadOnlyList<ServerState> servers, ShowServersState? saved)
    {
        string? Named(ServerState server) => saved?.Servers.GetValueOrDefault((server.Pool, server.Server))?.Named;
        var shared = servers.Where(s => Named(s) is not null).GroupBy(s => (s.Pool, Named(s))).Where(g => g.Skip(1).Any())
            .Select(g => g.Key).ToHashSet();
        return
        [
            .. servers.Select(s => s with
            {
                IsSlot = shared.Contains((s.Pool, Named(s))) || ServerStatus.IsPlaceholder(s.Address)
                    || saved?.Servers.GetValueOrDefault((s.Pool, s.Server)) is { IsOfService: true },
            }),
        ];
    }

    /// <summary>Stick rules are in the file only; who reads that completes it.</summary>
    private static PoolStickiness Stickiness(StatRow row)
    {
        List<string> by = row["cookie"] is { Length: > 0 } cookie ? [$"cookie {cookie}"] : [];
        // By what a client says of itself. A hash of the URI keeps caches warm.
        if (row["algo"] is "source" or "hdr" or "url_param" or "rdp-cookie" or "hash")
            by.Add($"balance {row["algo"]}");
        return new(row.Proxy, by);
    }

    private static FrontendState Frontend(StatRow row) =>
        new(row.Proxy, row.Status is "OPEN" or "FULL", row.Number("scur") ?? 0, row.Number("stot") ?? 0);

    private static IEnumerable<string> Notes(RuntimeReply reply, ShowInfo info, string socketPath)
    {
        if (reply.Level is "user" or "operator")
            yield return $"admin socket {socketPath} has level {reply.Level}: nothing can be changed through it (configure `level admin`)";
        if (reply.Servers is null)
            yield return "show servers state was not answered: administrative states are read from the printed status, and an "
                + "undo record is not complete";
        if (info.Stopping)
            yield return "this worker is stopping: it belongs to an earlier configuration, or the service is being stopped";
    }
}
