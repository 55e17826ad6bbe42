using System.Text.Json;
using LbRunbook.Core.Probing;
using Xunit;

namespace LbRunbook.Tests.Core.Probing;

public sealed class ProbeRecorderTests
{
    private static readonly ProbeRun Run = new("http://192.0.2.10/", "new-connections", DateTimeOffset.UnixEpoch, 100,
        TimeSpan.FromSeconds(1));

    [Fact]
    public void Finish_SamplesInAnyOrder_TracksInTheOrderOfTheSchedule()
    {
        ProbeSample[] samples = [Ok(0, "lb1"), Ok(1, "lb1"), Failed(2), Failed(3), Ok(4, "lb2"), Ok(5, "lb2")];
        var expected = Report(samples);
        var random = new Random(7);
        for (var round = 0; round < 50; round++)
        {
            random.Shuffle(samples);
            var report = Report(samples);
            Assert.Equal(Json(expected), Json(report));
        }
        Assert.Equal((10.0, 41.0, 2L),
            (expected.LongestOutage!.StartAtMs, expected.LongestOutage.EndAtMs, expected.LongestOutage.Failures));
        Assert.Equal(40.0, Assert.Single(expected.Changes).AtMs);
    }

    [Fact]
    public void Finish_SampleMissing_IsUnfinishedAndTheRestStillCounts()
    {
        var report = Report([Ok(0, "lb1"), Failed(2), Ok(3, "lb1")], scheduled: 4);

        Assert.Equal((3L, 2L, 1L, 1L), (report.Requests, report.Ok, report.Failed, report.Unfinished));
        Assert.Equal(0.0, report.LongestOutage!.StartAtMs);
    }

    [Fact]
    public void Finish_SampleAfterwards_DoesNotCount()
    {
        var recorder = new ProbeRecorder();
        recorder.Add(Ok(0, "lb1"));
        Finish(recorder, 2);
        recorder.Add(Ok(1, "lb1"));

        Assert.Equal(1, recorder.Progress(TimeSpan.Zero, null).Requests);
    }

    [Fact]
    public void Finish_OverloadedRequests_AreNotPartOfTheAchievedRate()
    {
        var report = Report([Ok(0, "lb1"), new(1, TimeSpan.FromMilliseconds(10), TimeSpan.Zero, FailureKind.Overload)]);

        Assert.Equal(1.0, report.AchievedRps);
    }

    [Fact]
    public void Sent_MoreThanTenMillisecondsLate_IsReported()
    {
        var recorder = new ProbeRecorder();
        recorder.Sent(TimeSpan.FromMilliseconds(10));
        recorder.Sent(TimeSpan.FromMilliseconds(34));

        var report = Finish(recorder, 0);

        Assert.Equal((1L, 34.0), (report.LateSends, report.LatestSendMs));
    }

    [Fact]
    public void Finish_AlternatingAnswerers_CountsAllChangesAndKeepsTheFirst()
    {
        var report = Report([.. Enumerable.Range(0, 200).Select(i => Ok(i, i % 2 == 0 ? "web1" : "web2"))]);

        Assert.Equal(199, report.AnswererChanges);
        Assert.Equal(AnswererTracker.ChangesKept, report.Changes.Count);
    }

    [Fact]
    public void Json_ReadBack_IsTheSameReport()
    {
        var report = Report([Ok(0, "lb1"), Failed(1), Ok(2, "lb2")]);
        var json = Json(report);

        Assert.StartsWith("""{"type":"probe","schema":1,"target":"http://192.0.2.10/","from":"here",""", json, StringComparison.Ordinal);
        Assert.Equal(json, Json(JsonSerializer.Deserialize(json, ProbeJson.Default.ProbeReport)!));
    }

    private static ProbeSample Ok(int i, string who) => new(i, TimeSpan.FromMilliseconds(10 * i), TimeSpan.FromMilliseconds(1), Who: who);

    private static ProbeSample Failed(int i) =>
        new(i, TimeSpan.FromMilliseconds(10 * i), TimeSpan.FromMilliseconds(200), FailureKind.Timeout);

    private static ProbeReport Report(ProbeSample[] samples, long? scheduled = null)
    {
        var recorder = new ProbeRecorder();
        foreach (var sample in samples)
            recorder.Add(sample);
        return Finish(recorder, scheduled ?? samples.Length);
    }

    private static ProbeReport Finish(ProbeRecorder recorder, long scheduled) =>
        recorder.Finish(Run, scheduled, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), endedEarly: false);

    private static string Json(ProbeReport report) => JsonSerializer.Serialize(report, ProbeJson.Default.ProbeReport);
}
