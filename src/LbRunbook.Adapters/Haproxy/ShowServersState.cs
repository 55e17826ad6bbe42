using System.Globalization;

namespace LbRunbook.Adapters.Haproxy;

/// <summary>Reply of <c>show servers state</c>: version line, "# be_id …" header, space-separated rows, empty line.</summary>
/// <param name="Complete">Its ending empty line was there.</param>
internal sealed record ShowServersState(IReadOnlyDictionary<(string Pool, string Server), SavedServer> Servers, bool Complete)
{
    public static ShowServersState Parse(string text)
    {
        var servers = new Dictionary<(string, string), SavedServer>();
        string[] columns = [];
        // The last piece of a split ends with the text, not with a line end.
        foreach (var line in text.Split('\n').Skip(1).SkipLast(1))
        {
            if (line.Length == 0)
                return new(servers, columns.Length > 0);
            var fields = line.TrimStart('#', ' ').Split(' ');
            if (line[0] == '#')
                columns = fields;
            else if (Row(columns, fields) is { } server)
                servers[(server.Pool, server.Server)] = server;
        }
        return new(servers, false);
    }

    private const int AgentUnderWay = 0x01;
    private const int AgentConfigured = 0x02;
    private const int AgentEnabled = 0x04;

    private static SavedServer? Row(string[] columns, string[] fields)
    {
        if (Field("be_name") is not { } pool || Field("srv_name") is not { } server || Number("srv_admin_state") is not { } mask)
            return null;
        var address = Field("srv_addr") is { } a and not "-" && Number("srv_port") is { } port
            ? a.Contains(':') ? $"[{a}]:{port}" : $"{a}:{port}"
            : null;
        var fqdn = Field("srv_fqdn") is { Length: > 0 } name and not "-" ? name : null;
        return new(pool, server, mask, Number("srv_uweight"), Number("srv_iweight"), address)
        {
            Fqdn = fqdn,
            Named = fqdn is null ? null : $"{fqdn}:{Number("srv_port") ?? 0}",
            IsOfService = Field("srvrecord") is { Length: > 0 } record and not "-",
            // What it was asked before it was told to keep still, it still answers.
            AgentSpeaks = Number("srv_agent_state") is { } agent && (agent & AgentConfigured) != 0
                ? (agent & (AgentEnabled | AgentUnderWay)) != 0
                : null,
        };

        string? Field(string name)
        {
            var index = Array.IndexOf(columns, name);
            return index >= 0 && index < fields.Length ? Printable.Line(fields[index]) : null;
        }

        int? Number(string name) =>
            int.TryParse(Field(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}

/// <summary>What an undo needs to know of a server.</summary>
/// <param name="AdminMask">See <see cref="AdminMask"/>.</param>
/// <param name="Weight">The weight set by configuration, operator or agent; slow start does not show in it.</param>
internal sealed record SavedServer(string Pool, string Server, int AdminMask, int? Weight, int? InitialWeight, string? Address)
{
    /// <summary>The name that its address comes from.</summary>
    public string? Fqdn { get; init; }

    /// <summary>The same with its port: what tells two instances on one host from two places of a template.</summary>
    public string? Named { get; init; }

    /// <summary>Its name comes from a service record, which may list the machines in any order.</summary>
    public bool IsOfService { get; init; }

    /// <summary>False = its agent is told to keep still; null = it has none.</summary>
    public bool? AgentSpeaks { get; init; }

    /// <summary>Somebody set its state or its weight at run time: they are not what the configuration says.</summary>
    public bool Changed =>
        Weight != InitialWeight || Has(Haproxy.AdminMask.ForcedDrain)
            || Has(Haproxy.AdminMask.ForcedMaint) != Has(Haproxy.AdminMask.ConfiguredMaint);

    private bool Has(AdminMask bit) => ((AdminMask)AdminMask & bit) != Haproxy.AdminMask.None;
}
