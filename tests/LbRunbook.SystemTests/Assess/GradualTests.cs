using System.Text.Json.Nodes;
using LbRunbook.Engine.History;
using LbRunbook.SystemTests.Lab;
using LbRunbook.SystemTests.Support;
using LbRunbook.TestKit;
using Xunit;
using static LbRunbook.SystemTests.Assess.AffinityLook;

namespace LbRunbook.SystemTests.Assess;

/// <summary>
/// A backend whose checks take a quarter of a second longer at each look. Alone: beside tests that take all of the processor the looks of
/// the other backends, and the first ones of this, are as slow. Only the times of the looks are moved.
/// </summary>
[Collection(Timed.Name)]
public sealed class GradualTests(LabFixture lab) : IClassFixture<LabFixture>, IDisposable
{
    private string History => OwnState.Paths.HistoryFile(lab.Name);

    public void Dispose() => new HistoryStore(OwnState.Paths).Forget(lab.Name);

    [Fact]
    public async Task Gradual_ABackendGetsSlowerLookByLook_IsFound()
    {
        lab.Require();
        new HistoryStore(OwnState.Paths).Forget(lab.Name);
        await using var slow = new TestHttpServer(System.Net.IPAddress.Parse(lab.Addresses.V4(1))) { Body = "OK\n" };
        const string File1 = "/etc/lab/backend.conf";
        await lab.ExecAsync("web1", "sed", "-i",
            $"s|location = /health {{.*|location = /health {{ proxy_pass http://{lab.Addresses.V4(1)}:{slow.Port}/; }}|", File1);
        await lab.ExecAsync("web1", "systemctl", "reload", "lab-backend");
        try
        {
            for (var i = 0; i < 6; i++)
            {
                slow.Delay = TimeSpan.FromMilliseconds(250 * i);
                var early = await AssessAsync(lab.Config);
                Assert.DoesNotContain(early["findings"]!.AsArray(), f => (string?)f!["code"] == "GradualDegradation");
            }
            MoveBack(TimeSpan.FromMinutes(4));
            slow.Delay = TimeSpan.FromMilliseconds(1600);
            var seen = await AssessAsync(lab.Config);
            Assert.True(
                seen["findings"]!.AsArray().Any(f => (string?)f!["code"] == "GradualDegradation" && (string?)f["subject"] == "web/web1"
                    && ((string?)f["message"])!.Contains("web1 gets slower and slower", StringComparison.Ordinal)),
                $"{seen["findings"]!.ToJsonString()}\n{await File.ReadAllTextAsync(History, TestContext.Current.CancellationToken)}");
        }
        finally
        {
            await lab.ExecAsync("web1", "sed", "-i", "s|location = /health {.*|location = /health { return 200 \"OK\\\\n\"; }|", File1);
            await lab.ExecAsync("web1", "systemctl", "reload", "lab-backend");
        }
    }

    /// <summary>As if the looks had been made so far apart, the last one that long ago.</summary>
    private void MoveBack(TimeSpan apart)
    {
        var lines = File.ReadAllLines(History).Select(l => JsonNode.Parse(l)!).ToList();
        for (var i = 0; i < lines.Count; i++)
            lines[i]["at"] = TimeProvider.System.GetUtcNow() - (apart * (lines.Count - i));
        File.WriteAllLines(History, lines.Select(l => l.ToJsonString()));
    }
}
