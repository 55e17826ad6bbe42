using LbRunbook.Core.Leases;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Claims;
using LbRunbook.Engine.Runs;
using Xunit;

namespace LbRunbook.Tests.Engine.Runs;

/// <summary>The way of every change, from the lock to the last look.</summary>
public sealed class RunSessionTests : IDisposable
{
    private readonly EngineLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void Failover_NothingInTheWay_IsDoneJournaledAndTold()
    {
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Done, 0, $"lbctl undo {outcome.RunId}"), (outcome.Result, outcome.ExitCode, outcome.Next));
        Assert.Equal(["lb2"], _lab.Fakes.HoldersOf("public"));
        Assert.IsType<PlanMade>(_lab.Events[0]);
        Assert.IsType<RunStarted>(_lab.Events[1]);
        Assert.Same(outcome.RunId, Assert.IsType<RunOutcome>(_lab.Events[^1]).RunId);
        Assert.Equal(("failover", "alice", RunResult.Done),
            (_lab.Journaled[0].Start.Verb, _lab.Journaled[0].Start.User, _lab.Journaled[0].Outcome!.Result));
    }

    public static TheoryData<string> Verbs { get; } = [.. EngineLab.Verbs];

    [Theory, MemberData(nameof(Verbs))]
    public void Change_EveryVerb_JournalsItsOwnVerb(string verb)
    {
        var outcome = _lab.Run(_lab.Action(verb));
        Assert.True(outcome.ExitCode == 0, $"{outcome.Result}: {outcome.Message} {string.Join("; ", outcome.Refusals)}");
        var own = verb.Split(' ')[0];
        Assert.Equal((own, own), (outcome.Verb, _lab.Journaled[0].Start.Verb));
        Assert.EndsWith($"-{own}", outcome.RunId, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Verbs))]
    public void DryRun_EveryVerb_ChangesNothingTakesNothingAndAsksNobody(string verb)
    {
        var action = _lab.Action(verb);
        var (changes, runs, asked) = (_lab.Fakes.Faults.Changes.Count, _lab.Journaled.Count, _lab.Consent.Asked.Count);
        var outcome = _lab.Run(action, new() { Command = "lbctl x --dry-run", DryRun = true, DetailedExitCode = true });
        Assert.Equal((changes, runs, asked), (_lab.Fakes.Faults.Changes.Count, _lab.Journaled.Count, _lab.Consent.Asked.Count));
        Assert.Equal(outcome.Result == RunResult.ChangesPending ? 2 : 0, outcome.ExitCode);
        Assert.True(outcome.Result is RunResult.ChangesPending or RunResult.AlreadySo);
        if (outcome.Result == RunResult.ChangesPending)
            Assert.Equal("lbctl x", outcome.Next);
    }

    [Fact]
    public void DryRun_ChangesPendingAndNobodyWantsToKnow_IsZero() =>
        Assert.Equal(0, _lab.Run(_lab.Action("failover"), new() { Command = "lbctl x", DryRun = true }).ExitCode);

    [Fact]
    public void Refusal_Planner_IsAnEventWithTheLookAndNoRun()
    {
        _lab.Fakes["lb2"].ServiceActive = false;
        _lab.Fakes["lb2"].ConfigurationError = "line 3";
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Refused, 3), (outcome.Result, outcome.ExitCode));
        Assert.NotNull(outcome.Seen);
        Assert.Equal(outcome.Result, Assert.IsType<RunOutcome>(Assert.Single(_lab.Events)).Result);
        Assert.Empty(_lab.Journaled);
        Assert.Empty(_lab.Consent.Asked);
    }

    [Fact]
    public void Lock_SomebodyElsesOnThisMachine_IsAnEventAndChangesNothing()
    {
        using var theirs = ClusterLock.Take(_lab.World.State, "web-test", Somebody(), _ => { });
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Locked, 6, "lbctl locks"), (outcome.Result, outcome.ExitCode, outcome.Next));
        Assert.Contains("bob@elsewhere", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(outcome.Result, Assert.IsType<RunOutcome>(Assert.Single(_lab.Events)).Result);
        Assert.Empty(_lab.Fakes.Faults.Changes);
    }

    [Fact]
    public void Lease_SomebodyElsesOnTheNodes_IsAnEventAndChangesNothing()
    {
        foreach (var node in _lab.Lab.Fleet.Nodes)
            _lab.Time.Run(() => _lab.Fakes.Leases
                .TakeAsync(node, new("web-test", "theirs", TimeSpan.FromMinutes(1), Somebody()), insteadOf: null, CancellationToken.None));
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Locked, 6), (outcome.Result, outcome.ExitCode));
        Assert.Contains("bob@elsewhere", outcome.Message, StringComparison.Ordinal);
        Assert.Empty(_lab.Fakes.Faults.Changes);
    }

    [Fact]
    public void Lease_RunIsOver_IsGivenBack()
    {
        _lab.Run(_lab.Action("failover"));
        var reply = _lab.Time.Run(() => _lab.Fakes.Leases.ReadAsync(_lab.Lab.Fleet.Node("lb1"), "web-test", CancellationToken.None));
        Assert.Equal(LbRunbook.Core.Ports.LeaseState.Free, reply!.State);
    }

    [Fact]
    public void Consent_No_ChangesNothing()
    {
        _lab.Consent.Answer = false;
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Interrupted, 130, "not confirmed"), (outcome.Result, outcome.ExitCode, outcome.Message));
        Assert.Empty(_lab.Fakes.Faults.Changes);
    }

    [Fact]
    public void Consent_LongPromptAndNothingChanged_GoesOnAfterASecondLook()
    {
        var looks = 0;
        _lab.World = _lab.World with { Observer = new Counting(_lab, () => looks++) };
        _lab.Consent.Meanwhile = () => Task.Delay(TimeSpan.FromSeconds(6), _lab.Time);
        Assert.Equal(RunResult.Done, _lab.Run(_lab.Action("failover")).Result);
        Assert.Equal(3, looks);
    }

    [Fact]
    public void Consent_WorldChangesDuringALongPrompt_IsRefusedWithTheCommandToLookAgain()
    {
        _lab.Consent.Meanwhile = async () =>
        {
            await Task.Delay(TimeSpan.FromSeconds(6), _lab.Time);
            _lab.Fakes["lb1"].ProxyAnswers = false;
        };
        var outcome = _lab.Run(_lab.Action("failover"), new() { Command = "lbctl failover lb1 lb2" });
        Assert.Equal(("plan-still-fits", "lbctl failover lb1 lb2"), (Assert.Single(outcome.Refusals).Guard, outcome.Next));
        Assert.Empty(_lab.Fakes.Faults.Changes);
    }

    [Fact]
    public void Consent_WorldChangesDuringAShortPrompt_IsCaughtByTheSteps()
    {
        _lab.Consent.Meanwhile = () =>
        {
            _lab.Fakes["lb2"].ProxyAnswers = false;
            return Task.CompletedTask;
        };
        Assert.NotEqual(0, _lab.Run(_lab.Action("failover")).ExitCode);
        Assert.Equal(["lb1"], _lab.Fakes.HoldersOf("public"));
    }

    [Fact]
    public void Interruption_BeforeTheFirstStep_ChangesNothing()
    {
        _lab.Consent.Meanwhile = () =>
        {
            _lab.Interruption.Raise(143);
            return Task.CompletedTask;
        };
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Interrupted, 143), (outcome.Result, outcome.ExitCode));
        Assert.Empty(_lab.Fakes.Faults.Changes);
    }

    [Fact]
    public void Interruption_BetweenTwoHolders_FinishesThatMoveAndSaysHowToGoOn()
    {
        _lab.Fakes.Faults.OnCall = call =>
        {
            if (call.Operation == "vip.announce" && _lab.Interruption.ExitCode is null)
                _lab.Interruption.Raise();
        };
        _lab.Run(_lab.Action("failover"),
            new() { Command = "x", Qualify = next => next.Replace("lbctl", "lbctl --lab=x", StringComparison.Ordinal) });
        Assert.Equal(["lb2"], _lab.Fakes.HoldersOf("public"));
        Assert.Contains("Next: lbctl --lab=x resume 2026", _lab.Interruption.LastWords, StringComparison.Ordinal);
        Assert.Contains(_lab.Events, e => e is RunWarned { Message: "interrupted" });
    }

    [Fact]
    public void Gap_ClientsAreMeasured_FromTheFirstLookToTheLastStep()
    {
        var clients = new FakeClients();
        _lab.World = _lab.World with { Clients = clients };
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Equal(("10.0.0.100", 7), (outcome.Gap!.Target, outcome.Gap.Requests));
        Assert.Equal(1, clients.Started);
        _lab.Run(_lab.Action("isolate-backend"));
        Assert.Equal(1, clients.Started);
    }

    /// <summary>What is in the way is probably its doing; and the way out is that run's.</summary>
    [Fact]
    public void Refusal_WhileARunWaits_NamesThatRunFirst()
    {
        _lab.Fakes.Faults.Inject("vip.remove", "lb1", LbRunbook.TestKit.FakeNetwork.FaultKind.Pretend);
        var cut = _lab.Run(_lab.Action("failover"));
        Assert.Equal(RunResult.Partial, cut.Result);
        _lab.Fakes["lb2"].ProxyAnswers = false;
        var refused = _lab.Run(_lab.Action("failover"));
        Assert.Equal((RunResult.Refused, "run-unfinished", $"lbctl resume {cut.RunId}"),
            (refused.Result, refused.Refusals[0].Guard, refused.Next));
        Assert.Contains($"lbctl undo {cut.RunId} takes it back", refused.Refusals[0].Reason, StringComparison.Ordinal);
        Assert.True(refused.Refusals.Count > 1, "the planner's own reasons are lost");
        // Who is on the way out already is not sent there.
        Assert.DoesNotContain(_lab.Run(LbRunbook.Engine.Past.PastAction.Resume(
            LbRunbook.Engine.Past.PastRun.Of(_lab.World.Journals, _lab.World.Journals.Find(cut.RunId!)!), false, false)).Refusals,
            r => r.Guard == "run-unfinished");
    }

    [Fact]
    public void Subscriber_Breaks_TheOthersHearItAndTheRunGoesOn()
    {
        var bugs = new List<Exception>();
        _lab.World = _lab.World with { OnBug = bugs.Add };
        _lab.More.Add(new Broken());
        Assert.Equal(RunResult.Done, _lab.Run(_lab.Action("failover")).Result);
        Assert.NotEmpty(bugs);
        Assert.IsType<RunOutcome>(_lab.Events[^1]);
    }

    [Fact]
    public void Subscriber_CannotSayTheOutcome_TheOthersAreTold()
    {
        _lab.More.Add(new Deaf());
        var outcome = _lab.Run(_lab.Action("failover"));
        Assert.Contains("deaf before the end", outcome.Notes);
        Assert.Equal("deaf to the outcome", Assert.IsType<RunWarned>(_lab.Events[^1]).Message);
    }

    private static LeaseHolder Somebody() =>
        new ProcessIdentity("bob", "elsewhere", 7).Holding("drain", "lbctl drain web1", "run7", DateTimeOffset.UnixEpoch);

    private sealed class Counting(LbRunbook.Core.Ports.IFleetObserver observer, Action count) : LbRunbook.Core.Ports.IFleetObserver
    {
        public Task<Observation> ObserveAsync(
            LbRunbook.Core.Model.Fleet fleet, LbRunbook.Core.Ports.ObservationScope scope, CancellationToken cancellation)
        {
            count();
            return observer.ObserveAsync(fleet, scope, cancellation);
        }
    }

    private sealed class FakeClients : LbRunbook.Core.Ports.IClientProbe
    {
        public int Started { get; private set; }

        public async Task<IReadOnlyList<TrafficGap>> MeasureAsync(
            IReadOnlyList<LbRunbook.Core.Model.VirtualIp> vips, CancellationToken stop)
        {
            Started++;
            await Task.Delay(Timeout.Infinite, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            return [.. vips.Select(v => new TrafficGap(v.Address.ToString(), 7, 0, 0) { Vip = v.Name })];
        }
    }

    private sealed class Broken : IRunSubscriber
    {
        public void On(RunEvent e) => throw new IOException("broken");
    }

    private sealed class Deaf : IRunSubscriber
    {
        public void On(RunEvent e)
        {
        }

        public IEnumerable<string> Unsaid(string runId, bool journaled) => ["deaf before the end"];

        public string OutcomeUnsaid() => "deaf to the outcome";
    }
}
