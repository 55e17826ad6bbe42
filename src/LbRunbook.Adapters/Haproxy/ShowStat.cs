using System.Globalization;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Reply of <c>show stat</c>. Columns come and go with versions and builds: always by name.</summary>
/// <param name="Complete">Its ending empty line was there.</param>
internal sealed record ShowStat(IReadOnlyList<StatRow> Rows, bool Complete)
{
    public IEnumerable<StatRow> Frontends => Rows.Where(r => r.Kind == StatKind.Frontend);
    public IEnumerable<StatRow> Backends => Rows.Where(r => r.Kind == StatKind.Backend);
    public IEnumerable<StatRow> Servers => Rows.Where(r => r.Kind == StatKind.Server);

    public static ShowStat Parse(string text)
    {
        var records = Csv.Read(text.StartsWith("# ", StringComparison.Ordinal) ? text.AsSpan(2) : text, out var complete);
        if (records.Count == 0)
            return new([], false);
        var columns = new Dictionary<string, int>();
        for (var i = 0; i < records[0].Length; i++)
            columns.TryAdd(records[0][i].Trim(), i);
        return new([.. records.Skip(1).Select(r => new StatRow(columns, r)).Where(r => r.Proxy.Length > 0)], complete);
    }
}

internal enum StatKind { Frontend, Backend, Server, Socket }

/// <summary>One row; a column that this version lacks reads as empty.</summary>
internal sealed class StatRow(IReadOnlyDictionary<string, int> columns, string[] fields)
{
    public string Proxy => this["pxname"];
    public string Name => this["svname"];
    public string Status => this["status"];

    /// <summary><c>option socket-stats</c> adds one row a listening socket: neither server nor frontend.</summary>
    public StatKind Kind => this["type"] switch
    {
        "0" => StatKind.Frontend,
        "1" => StatKind.Backend,
        "2" => StatKind.Server,
        "3" => StatKind.Socket,
        _ => Name switch { "FRONTEND" => StatKind.Frontend, "BACKEND" => StatKind.Backend, _ => StatKind.Server },
    };

    public string this[string column] =>
        columns.TryGetValue(column, out var index) && index < fields.Length ? Printable.Line(fields[index]) : "";

    public long? Number(string column) =>
        long.TryParse(this[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>As HAProxy's own log says it: "L7STS/503 in 1ms: Service Unavailable"; null when never checked.</summary>
    public string? LastCheck
    {
        get
        {
            // "* " marks a check that runs right now; what follows is still the last verdict.
            var status = this["check_status"].TrimStart('*', ' ');
            if (status.Length == 0)
                return null;
            var code = this["check_code"] is { Length: > 0 } c ? $"/{c}" : "";
            var took = this["check_duration"] is { Length: > 0 } d ? $" in {d}ms" : "";
            var detail = this["last_chk"] is { Length: > 0 } l ? $": {l}" : "";
            return $"{status}{code}{took}{detail}";
        }
    }
}
