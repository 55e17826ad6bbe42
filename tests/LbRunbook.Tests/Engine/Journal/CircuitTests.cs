using LbRunbook.Core.Ports;
using LbRunbook.Engine.Journal;
using Xunit;

namespace LbRunbook.Tests.Engine.Journal;

/// <summary>The breaker that outlives a run.</summary>
public sealed class CircuitTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly CircuitKey Key = new("web-test", "web", "we/b1");
    private readonly StatePaths _paths = new(Directory.CreateTempSubdirectory("lbctl-circuit-").FullName);

    public void Dispose() => Directory.Delete(_paths.Root, recursive: true);

    [Fact]
    public void FiveFailures_OpenItForAMinute()
    {
        var circuit = Failed(4);
        Assert.Null(circuit.OpenStill(Now));
        circuit = circuit.Failed(Now);
        Assert.Equal(TimeSpan.FromSeconds(60), circuit.OpenStill(Now));
        Assert.Equal(TimeSpan.FromSeconds(1), circuit.OpenStill(Now.AddSeconds(59)));
        Assert.Null(circuit.OpenStill(Now.AddSeconds(60)));
    }

    [Fact]
    public void HalfOpen_LetsOneThrough()
    {
        var later = Now.AddSeconds(61);
        var trying = Failed(5).Try(later);
        Assert.Equal(TimeSpan.FromSeconds(50), trying.OpenStill(later.AddSeconds(10)));
        Assert.NotNull(trying.Failed(later.AddSeconds(30)).OpenStill(later.AddSeconds(31)));
        // Whoever tried was killed: the next one may.
        Assert.Null(trying.OpenStill(later.AddSeconds(60)));
    }

    [Fact]
    public void FailuresOfTheDayBefore_DoNotCount() => Assert.Equal(1, Failed(4).Failed(Now.AddHours(20)).Failures);

    [Fact]
    public void ClockSetBack_KeepsItClosedForAMinuteAtMost() =>
        Assert.Equal(TimeSpan.FromSeconds(60), Failed(5).OpenStill(Now.AddYears(-3)));

    [Fact]
    public void Store_AnotherRun_FindsWhatWasWritten()
    {
        var circuit = Failed(5).Try(Now.AddSeconds(70));
        new CircuitStore(_paths).Write(Key, circuit);
        Assert.Equal(circuit, new CircuitStore(_paths).Read(Key));
        new CircuitStore(_paths).Write(Key, new());
        Assert.Empty(Directory.EnumerateFiles(_paths.Circuits, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,2]")]
    [InlineData("\"x\"")]
    [InlineData("{\"failures\":\"many\",\"lastFailure\":7}")]
    [InlineData("{\"failures\":-3,\"lastFailure\":\"yesterday\"}")]
    [InlineData("{\"failures\":99999999999999}")]
    public void Store_Nonsense_IsAClosedCircuit(string text)
    {
        var store = new CircuitStore(_paths);
        store.Write(Key, Failed(5));
        File.WriteAllText(Directory.EnumerateFiles(_paths.Circuits, "*", SearchOption.AllDirectories).Single(), text);
        Assert.Null(store.Read(Key).OpenStill(Now));
    }

    private static Circuit Failed(int times) => Enumerable.Range(0, times).Aggregate(new Circuit(), (c, _) => c.Failed(Now));
}
