using System.Globalization;
using LbRunbook.Core.Observations;

namespace LbRunbook.Adapters.Nginx;

/// <summary>The <c>server</c> lines of every <c>upstream</c> block, in <c>http</c> and in <c>stream</c>.</summary>
internal static class NginxUpstreams
{
    public static IReadOnlyList<ServerState> Servers(
        IReadOnlyList<NginxDirective> configuration, IReadOnlyDictionary<string, int> connections) =>
    [
        .. from context in configuration
           where context.Name is "http" or "stream"
           from upstream in context.Children
           where upstream is { Name: "upstream", Words.Count: >= 2 }
           from server in upstream.Children
           where server is { Name: "server", Words.Count: >= 2 }
           select Server(upstream.Words[1], server.Words, connections),
    ];

    private static ServerState Server(string pool, IReadOnlyList<string> words, IReadOnlyDictionary<string, int> connections)
    {
        var down = words.Skip(2).Contains("down");
        var backup = words.Skip(2).Contains("backup");
        var weight = words.Skip(2).LastOrDefault(w => w.StartsWith("weight=", StringComparison.Ordinal)) is { } w
            && int.TryParse(w.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 1;
        var address = WithPort(words[1]);
        return new()
        {
            Pool = pool,
            Server = words[1],
            Admin = down ? AdminState.Maint : AdminState.Ready,
            // Passive failures (max_fails) live in the workers' memory and are shown nowhere.
            Health = ServerHealth.NoCheck,
            Status = (down, backup) switch
            {
                (true, true) => "down backup",
                (true, false) => "down",
                (false, true) => "backup",
                _ => "not checked",
            },
            Address = address,
            Weight = weight,
            InitialWeight = weight,
            CurrentSessions = connections.GetValueOrDefault(address),
            Backup = backup,
        };
    }

    /// <summary>nginx's default port is 80; a UNIX socket has none.</summary>
    private static string WithPort(string server)
    {
        if (server.StartsWith("unix:", StringComparison.Ordinal))
            return server;
        var afterHost = server.StartsWith('[') ? server.IndexOf(']') + 1 : 0;
        return server.IndexOf(':', afterHost) >= 0 ? server : server + ":80";
    }
}
