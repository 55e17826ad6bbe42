using LbRunbook.Cli.Output;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using Xunit;

namespace LbRunbook.Tests.Cli.Runs;

/// <summary>Exit code 0 is impossible while the run's own last look shows that it is not so.</summary>
public sealed class LastLookTests : IDisposable
{
    private readonly SessionLab _lab = new();
    private readonly StringWriter _output = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task Failover_LastLookIsWell_IsDoneAfterOneLook()
    {
        Assert.Equal(0, await RunAsync());
        Assert.Single(_lab.LastLooks);
        Assert.DoesNotContain("last look", _output.ToString());
    }

    [Fact]
    public Task Failover_SecondHolder_NeedsAHuman() => ExpectAsync(
        seen => Holding(seen, "lb1", "lb2"), "public (10.0.0.100) is on lb1 and lb2 at once", "lbctl resume run");

    [Fact]
    public Task Failover_NoHolder_NeedsAHuman() =>
        ExpectAsync(seen => Holding(seen), "public (10.0.0.100) is on no node that could be asked", "lbctl resume run");

    [Fact]
    public Task Failover_WrongHolder_NeedsAHuman() =>
        ExpectAsync(seen => Holding(seen, "lb1"), "public (10.0.0.100) is on lb1, not on lb2");

    [Fact]
    public Task Failover_TwoAnswerOnTheWire_NeedsAHuman() => ExpectAsync(
        seen => Vip(seen, v => v with { WireMacs = ["02:00:00:00:00:01", "02:00:00:00:00:99"] }),
        "02:00:00:00:00:01 and 02:00:00:00:00:99 answer for public");

    [Fact]
    public Task Failover_AddressDoesNotAnswer_NeedsAHuman() => ExpectAsync(
        seen => Vip(seen, v => v with { Through = new(false, TimeSpan.Zero, "connection refused") }),
        "public (10.0.0.100) does not answer: connection refused");

    [Fact]
    public async Task Failover_WrongForAMomentOnly_IsDone()
    {
        _lab.LastLook = seen => _lab.LastLooks.Count == 1 ? Holding(seen, "lb1", "lb2") : seen;
        Assert.Equal(0, await RunAsync());
        Assert.Equal(2, _lab.LastLooks.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failover_NewHolderCannotBeAskedAgain_IsDoneByItsProofAloneAndSaysSo(bool throws)
    {
        _lab.LastLook = seen => throws ? null : seen with
        {
            Nodes = [.. seen.Nodes.Select(n => n.Node == "lb2" ? n with { Reach = Reach.TimedOut, Addresses = [] } : n)],
        };
        Assert.Equal(0, await RunAsync());
        Assert.Contains("Note: the last look could not be made (public: ", _output.ToString());
    }

    [Fact]
    public async Task Failover_LastLookNotMadeAndNothingProven_NeedsAHuman()
    {
        (_lab.WithoutProof, _lab.LastLook) = (true, _ => null);
        Assert.Equal(4, await RunAsync());
        Assert.Contains("the last look could not be made, and no step has proven it (public: blind)", _output.ToString());
        Assert.Contains("Next: lbctl assess", _output.ToString());
    }

    [Fact]
    public async Task Failover_AlreadySoButNotInTheLastLook_NeedsAHuman()
    {
        await RunAsync();
        Directory.Delete(_lab.State.Runs, recursive: true);
        (_lab.Repeats, _lab.LastLook) = (true, seen => Holding(seen, "lb1", "lb2"));
        Assert.Equal(4, await RunAsync());
    }

    private async Task ExpectAsync(Func<Observation, Observation> lastLook, string says, string next = "lbctl assess")
    {
        _lab.LastLook = lastLook;
        Assert.Equal(4, await RunAsync());
        Assert.Contains(says, _output.ToString());
        Assert.Contains($"Next: {next}\n", _output.ToString());
        Assert.DoesNotContain("Done in", _output.ToString());
        Assert.Equal((RunResult.Partial, 4), (_lab.Journaled.Outcome!.Result, _lab.Journaled.Outcome.ExitCode));
    }

    private Task<int> RunAsync() => _lab.RunAsync(Streams.Guarded(_output, TextWriter.Null, TextReader.Null), json: false);

    private static Observation Vip(Observation seen, Func<VipObservation, VipObservation> change) => seen with
    {
        Vips = [.. seen.Vips.Select(change)],
    };

    private static Observation Holding(Observation seen, params string[] nodes) => seen with
    {
        Nodes = [.. seen.Nodes.Select(n => n with { Addresses = nodes.Contains(n.Node) ? [new("eth0", "10.0.0.100", 32)] : [] })],
    };
}
