using System.Text.Json;
using System.Text.Json.Serialization;
using LbRunbook.Core.Leases;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;

namespace LbRunbook.Cli.Verbs.Locks;

internal static class JsonLocksView
{
    public static void Write(TextWriter output, Fleet fleet, IReadOnlyList<LockPlace> places, int exitCode) =>
        output.WriteLine(JsonSerializer.Serialize(new LocksDocument
        {
            Cluster = fleet.Cluster,
            ExitCode = exitCode,
            Places = [.. places.Select(p => new LockDocument
            {
                Where = p.Where,
                State = p.State.ToString().ToLowerInvariant(),
                Holder = p.Info?.Holder,
                Process = p.IsLocked ? p.Process.ToString().ToLowerInvariant() : null,
                HeldForMs = p.Info?.HeldForMs,
                ExpiresInMs = p.Info?.ExpiresInMs,
                Token = p.Info?.Token,
                Why = p.Why,
            })],
        }, LocksJson.Default.LocksDocument));
}

internal sealed record LocksDocument
{
    public string Type { get; init; } = "locks";
    public int Schema { get; init; } = 1;
    public required string Cluster { get; init; }
    public required int ExitCode { get; init; }
    public required IReadOnlyList<LockDocument> Places { get; init; }
}

internal sealed record LockDocument
{
    public required string Where { get; init; }
    public required string State { get; init; }
    public LeaseHolder? Holder { get; init; }
    public string? Process { get; init; }
    public long? HeldForMs { get; init; }
    public long? ExpiresInMs { get; init; }
    public long? Token { get; init; }
    public string? Why { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocksDocument))]
internal sealed partial class LocksJson : JsonSerializerContext;
