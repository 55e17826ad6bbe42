using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LbRunbook.Core.Files;
using LbRunbook.Core.Ports;

namespace LbRunbook.Engine.Journal;

/// <summary>A small file for each backend whose repair has failed; none is the same as a closed circuit.</summary>
public sealed class CircuitStore(StatePaths paths) : ICircuits
{
    public Circuit Read(CircuitKey key)
    {
        try
        {
            RegularFile.Demand(FileOf(key));
            var file = JsonNode.Parse(File.ReadAllText(FileOf(key)));
            return new((int?)file?["failures"] is { } failures and > 0 ? failures : 0, Time(file?["lastFailure"]), Time(file?["trial"]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or FormatException)
        {
            return new();
        }
    }

    public void Write(CircuitKey key, Circuit circuit)
    {
        try
        {
            var file = FileOf(key);
            if (circuit == new Circuit())
            {
                File.Delete(file);
                return;
            }
            StatePaths.CreatePrivate(paths.Root);
            StatePaths.CreatePrivate(paths.Circuits);
            StatePaths.CreatePrivate(Path.GetDirectoryName(file)!);
            var text = new JsonObject
            {
                ["failures"] = circuit.Failures,
                ["lastFailure"] = Text(circuit.LastFailure),
                ["trial"] = Text(circuit.Trial),
            };
            // Renamed over the old one: a reader never finds half of it.
            RegularFile.Demand(file + ".new");
            File.WriteAllText(file + ".new", text.ToJsonString() + "\n");
            File.Move(file + ".new", file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As the contract says: the memory is lost, the repair goes on.
        }
    }

    /// <summary>Names are the operator's: a slash in one must not lead elsewhere.</summary>
    private string FileOf(CircuitKey key) =>
        Path.Combine(paths.Circuits, Uri.EscapeDataString(key.Cluster),
            $"{Uri.EscapeDataString(key.Pool)}+{Uri.EscapeDataString(key.Backend)}.json");

    private static string? Text(DateTimeOffset? time) => time?.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse((string?)node, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
