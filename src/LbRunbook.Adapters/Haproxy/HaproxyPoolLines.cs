using LbRunbook.Core.Ports;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>
/// The <c>server</c> lines of one pool in HAProxy's configuration. HAProxy has no include, and takes neither a section twice nor lines that
/// go on with a section of another file: what is added has to stand in the section itself, and is known by its mark.
/// </summary>
internal sealed class HaproxyPoolLines
{
    private static readonly HashSet<string> s_sections =
    [
        "global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "userlist", "mailers", "program", "cache",
        "http-errors", "ring", "fcgi-app", "log-forward", "log-profile", "crt-store", "traces", "acme",
    ];

    private readonly string[] _lines;
    private readonly List<(int Index, string Server, bool Added)> _servers = [];
    private readonly int _last = -1;

    public HaproxyPoolLines(string text, string pool)
    {
        _lines = text.Split('\n');
        var inside = false;
        for (var i = 0; i < _lines.Length; i++)
        {
            var words = _lines[i].Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;
            if (s_sections.Contains(words[0]))
                inside = words is ["backend" or "listen", var name, ..] && name == pool;
            if (!inside)
                continue;
            _last = i;
            if (words is ["server", var server, ..])
                _servers.Add((i, server, _lines[i].TrimEnd().EndsWith(NewServer.Mark, StringComparison.Ordinal)));
        }
    }

    public bool Found => _last >= 0;
    public IReadOnlyList<string> Configured => [.. _servers.Where(s => !s.Added).Select(s => s.Server)];
    public IReadOnlyList<string> Added => [.. _servers.Where(s => s.Added).Select(s => s.Server)];

    /// <returns>The whole text with the line after the pool's last one; null = no such section.</returns>
    public string? With(NewServer server)
    {
        if (!Found || _servers.Any(s => s.Server == server.Name.Server))
            return Found ? string.Join('\n', _lines) : null;
        var after = _servers.Count > 0 ? _servers[^1].Index : _last;
        var indent = _servers.Count > 0 ? _lines[after][..^_lines[after].TrimStart().Length] : "    ";
        var end = _lines[after].EndsWith('\r') ? "\r" : "";
        return string.Join('\n', [.. _lines[..(after + 1)], indent + server.HaproxyLine + end, .. _lines[(after + 1)..]]);
    }

    /// <returns>The whole text without the line that lbctl wrote; others of that name stay.</returns>
    public string? Without(string server)
    {
        var gone = _servers.Where(s => s.Added && s.Server == server).Select(s => s.Index).ToHashSet();
        return string.Join('\n', _lines.Where((_, i) => !gone.Contains(i)));
    }
}
