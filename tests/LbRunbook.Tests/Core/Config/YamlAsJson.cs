using System.Globalization;
using System.Text.Json.Nodes;
using LbRunbook.Core.Config;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

/// <summary>What an editor's YAML plug-in hands to the JSON Schema: plain scalars typed as YAML 1.2 types them.</summary>
internal static class YamlAsJson
{
    public static JsonNode? Convert(string yaml)
    {
        var problems = new ProblemList("test");
        var root = YamlReader.Read(yaml, problems);
        Assert.Empty(problems.InFileOrder());
        return Of(root);
    }

    public static JsonNode? Of(YamlValue? value) => value switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(e => KeyValuePair.Create(e.Key.Text, Of(e.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Of)]),
        YamlScalar scalar => Scalar(scalar),
        _ => null,
    };

    private static JsonNode? Scalar(YamlScalar scalar)
    {
        if (scalar.IsNull) return null;
        if (!scalar.IsPlain) return scalar.Text;
        if (scalar.Text is "true" or "false") return scalar.Text == "true";
        if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return whole;
        return double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : scalar.Text;
    }
}
