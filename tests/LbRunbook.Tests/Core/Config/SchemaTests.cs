using System.Text.Json.Nodes;
using LbRunbook.Core.Config;
using LbRunbook.TestKit;
using NJsonSchema;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

/// <summary>Editors check with the schema, lbctl with the binders: the two must not drift apart.</summary>
public sealed class SchemaTests
{
    private static readonly string SchemaText = RepositoryFiles.Text("config/lbctl.schema.json");
    private static readonly string ExampleText = RepositoryFiles.Text("config/lbctl.example.yaml");

    public static TheoryData<string> Sections => [.. ConfigKeys.All.Select(k => k.Section)];

    [Fact]
    public async Task Example_AgainstSchema_IsValid() => Assert.Empty(await ValidateAsync(ExampleText));

    [Theory]
    [InlineData("priority: 150", "prioritty: 150")]
    [InlineData("environment: production ", "environment: prod ")]
    [InlineData("type: tcp, port: 443", "type: udp, port: 443")]
    [InlineData("type: tcp, port: 443", "type: tcp, path: /health")]
    [InlineData("minimumHealthy: 50%", "minimumHealthy: 500%")]
    [InlineData("interval: 10s", "interval: 10 seconds")]
    [InlineData("port: 8080, pool: web", "port: 8080")]
    [InlineData("cluster: web-prod", "cluster: web prod")]
    [InlineData("host: 10.0.0.11", "host: -oProxyCommand=x")]
    [InlineData("secretFile: ", "webhook: ")]
    [InlineData("cookie: SRV ", "cookie: S R V ")]
    [InlineData("affinity: {source: true, ", "affinity: {cookie: a, source: true, ")]
    [InlineData("affinity: {source: true, ", "affinity: {")]
    [InlineData("affinity: {source: true, ", "affinity: {source: false, ")]
    [InlineData("requests: 4", "requests: 400")]
    public async Task Mistake_InTheExample_IsFoundByBoth(string right, string wrong)
    {
        Assert.Contains(right, ExampleText);
        var text = ExampleText.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEmpty(await ValidateAsync(text));
        Assert.NotEmpty(ConfigLoader.Parse(text, "x").Problems);
    }

    [Theory]
    [MemberData(nameof(Sections))]
    public void Section_InSchemaAndBinder_HasTheSameKeys(string name)
    {
        var section = Section(name);
        Assert.False(section["additionalProperties"]!.GetValue<bool>());
        Assert.Equal(
            ConfigKeys.All.Single(k => k.Section == name).Names.Order(StringComparer.Ordinal),
            section["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schema_SectionsWithProperties_AreAllKnownToTheBinder() =>
        Assert.Equal(
            ConfigKeys.All.Select(k => k.Section).Where(s => s != "root").Order(StringComparer.Ordinal),
            JsonNode.Parse(SchemaText)!["definitions"]!.AsObject().Where(d => d.Value!["properties"] is not null).Select(d => d.Key)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Example_AllKeys_AreShown()
    {
        var shown = new HashSet<string>(StringComparer.Ordinal);
        Collect(YamlAsJson.Convert(ExampleText)!, shown);
        Assert.Empty(ConfigKeys.All.SelectMany(k => k.Names).Except(shown, StringComparer.Ordinal));
    }

    /// <summary>
    /// A key that is declared but that no binder reads would be accepted and ignored: a wrong value must be noticed for each.
    /// </summary>
    [Theory]
    [MemberData(nameof(Sections))]
    public void Key_WithAValueOfTheWrongKind_IsNoticed(string name)
    {
        foreach (var key in ConfigKeys.All.Single(k => k.Section == name).Names.Where(k => k != "type" || name == "alert"))
        {
            // No key takes a mapping inside a list inside a list.
            var problems = ConfigLoader.Parse(Wrap(name, $"{key}: [[{{}}]]"), "x").Problems;
            Assert.True(problems.Any(p =>
                p.IsError && p.Message.Contains(key, StringComparison.Ordinal)
                    && !p.Message.Contains("unknown key", StringComparison.Ordinal)
                    && !p.Message.Contains("missing", StringComparison.Ordinal)), $"{name}.{key}: {string.Join('\n', problems)}");
        }
    }

    private static string Wrap(string section, string entry) => section switch
    {
        "root" => entry,
        "ssh" or "thresholds" => $"{section}: {{{entry}}}",
        "service" or "haproxy" or "nginx" or "keepalived" => $"nodes: [{{{section}: {{{entry}}}}}]",
        "fence" => $"nodes: [{{fence: [{{{entry}}}]}}]",
        "ec2" => $"nodes: [{{fence: {{ec2: {{{entry}}}}}}}]",
        "node" or "vip" or "pool" or "alert" => $"{section}s: [{{{entry}}}]",
        "affinity" => $"pools: [{{name: p, affinity: {{{entry}}}}}]",
        "witness" => $"witnesses: [{{{entry}}}]",
        "emergency" => $"pools: [{{emergency: [{{{entry}}}]}}]",
        "container" => $"pools: [{{emergency: [{{container: {{{entry}}}}}]}}]",
        "backend" => $"pools: [{{name: p}}]\nbackends: [{{{entry}}}]",
        _ => $"vips: [{{check: {{type: {section.Replace("Check", "", StringComparison.Ordinal)}, {entry}}}}}]",
    };

    private static JsonNode Section(string name) =>
        name == "root" ? JsonNode.Parse(SchemaText)! : JsonNode.Parse(SchemaText)!["definitions"]![name]!;

    private static async Task<IReadOnlyList<string>> ValidateAsync(string yaml)
    {
        var schema = await JsonSchema.FromJsonAsync(SchemaText, TestContext.Current.CancellationToken);
        return [.. schema.Validate(YamlAsJson.Convert(yaml)!.ToJsonString()).Select(e => $"{e.Path}: {e.Kind}")];
    }

    private static void Collect(JsonNode node, HashSet<string> keys)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array.OfType<JsonNode>()) Collect(item, keys);
        }
        else if (node is JsonObject map)
        {
            foreach (var (key, value) in map)
            {
                keys.Add(key);
                if (value is not null) Collect(value, keys);
            }
        }
    }
}
