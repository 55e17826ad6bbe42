using System.Text.Json;
using System.Text.Json.Serialization;

namespace LbRunbook.Lab;

/// <summary>What a lab is, as its files say it.</summary>
internal sealed record LabState
{
    public required string Name { get; init; }
    public required int Index { get; init; }
    public required string Proxy { get; init; }
    public LabKeepalived Keepalived { get; init; }
    public required IReadOnlyList<LabHost> Hosts { get; init; }

    /// <summary>Set when everything served once; false means that an `up` is under way or was killed.</summary>
    public bool Ready { get; init; }

    /// <summary>The process that brings it up.</summary>
    public int Builder { get; init; }
    public IReadOnlyList<ActiveFault> Faults { get; init; } = [];

    [JsonIgnore]
    public LabAddresses Addresses => new(Index);
    [JsonIgnore]
    public LabPaths Paths => new(Name);
    [JsonIgnore]
    public IEnumerable<LabHost> Proxies => Hosts.Where(h => h.Role == LabRole.Proxy);
    [JsonIgnore]
    public IEnumerable<LabHost> Backends => Hosts.Where(h => h.Role == LabRole.Backend);

    /// <summary>Backends that stand by: booted, with their application stopped, and in no pool.</summary>
    [JsonIgnore]
    public IEnumerable<LabHost> Spares => Hosts.Where(h => h.Role == LabRole.Spare);

    /// <summary>An `up` is at work on it in another process. A pid alone may be anybody's by now.</summary>
    [JsonIgnore]
    public bool IsBeingBuilt => !Ready && Builder != Environment.ProcessId && LabProcesses.NameOf(Builder) is "lbctl" or "dotnet";

    public LabHost? FindHost(string name) => Hosts.FirstOrDefault(h => h.Name == name);
    public bool HasFault(string fault, string host) => Faults.Any(f => f.Fault == fault && f.Host == host);
}

/// <summary>A fault that was made and not healed yet.</summary>
internal sealed record ActiveFault(string Fault, string Host)
{
    /// <summary>Processes that the fault stopped, and no others, are continued by the healing.</summary>
    public IReadOnlyList<int> Pids { get; init; } = [];

    /// <summary>Virtual IPs that the host held when it lost its power.</summary>
    public IReadOnlyList<string> Vips { get; init; } = [];
}

[JsonSerializable(typeof(LabState))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LabStateJson : JsonSerializerContext;

internal static class LabStateFile
{
    public static LabState? TryRead(LabPaths paths)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(paths.State), LabStateJson.Default.LabState);
        }
        catch (Exception error) when (error is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Replaced as a whole: a reader, or a killed writer, never leaves half a file.</summary>
    public static void Write(LabState state)
    {
        var fresh = state.Paths.State + ".new";
        File.WriteAllText(fresh, JsonSerializer.Serialize(state, LabStateJson.Default.LabState));
        File.Move(fresh, state.Paths.State, overwrite: true);
    }
}
