using System.Text.Json;
using System.Text.Json.Serialization;

namespace LbRunbook.Core.Plans;

/// <summary>Source-generated serialisation of plans and run events: trim-safe, one shape everywhere.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(Step))]
[JsonSerializable(typeof(Steps.VrrpBefore))]
internal sealed partial class PlanJson : JsonSerializerContext
{
    public static string Line(RunEvent e) => JsonSerializer.Serialize(e, Default.RunEvent);
}
