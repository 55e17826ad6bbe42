using System.Text.Json.Nodes;
using LbRunbook.SystemTests.Lab;
using Xunit;

namespace LbRunbook.SystemTests.Assess;

/// <summary>An assessment of a lab whose clients are promised to come back to their backend.</summary>
internal static class AffinityLook
{
    /// <summary>The lab's configuration, with what clients of the pool are promised: <c>source: true</c>, <c>cookie: SRV</c>.</summary>
    /// <returns>The file.</returns>
    public static string Promise(LabFixture lab, string folder, string means)
    {
        var file = Path.Combine(folder, "config.yaml");
        File.WriteAllText(file,
            File.ReadAllText(lab.Config).Replace("    deepHealth:", $"    affinity: {{{means}, servedBy: X-Backend}}\n    deepHealth:"));
        return file;
    }

    public static async Task<JsonNode> AssessAsync(string config) =>
        JsonNode.Parse((await Lbctl.RunAsync("--config", config, "assess", "--output", "json")).Output)!;

    public static void Kept(JsonNode seen, int returns)
    {
        var affinity = seen["affinities"]![0]!;
        Assert.True((returns, returns) == ((int)affinity["returns"]!, (int)affinity["kept"]!), affinity.ToJsonString());
        Assert.DoesNotContain(seen["findings"]!.AsArray(), f => (string?)f!["code"] == "AffinityBroken" && (string?)f["subject"] == "web");
    }

    public static JsonNode Finding(JsonNode seen, string code, string subject)
    {
        var found = seen["findings"]!.AsArray().FirstOrDefault(f => (string?)f!["code"] == code && (string?)f["subject"] == subject);
        Assert.True(found is not null,
            $"no {code} of {subject} in {seen["findings"]!.ToJsonString()}\n{seen["affinities"]!.ToJsonString()}");
        return found!;
    }
}
