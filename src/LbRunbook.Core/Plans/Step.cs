using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LbRunbook.Core.Model;
using LbRunbook.Core.Ports;
using LbRunbook.Core.Steps;

namespace LbRunbook.Core.Plans;

/// <summary>
/// One change or one check, as data: the same shape in a runbook, in <c>--dry-run --output json</c> and in the journal.
/// A step never decides about other steps, and only <see cref="PlanRunner"/> applies it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "uses")]
[JsonDerivedType(typeof(ServiceStateStep), "service.state")]
[JsonDerivedType(typeof(ProxyReadyStep), "proxy.ready")]
[JsonDerivedType(typeof(VipListenStep), "vip.listen")]
[JsonDerivedType(typeof(VipAddStep), "vip.add")]
[JsonDerivedType(typeof(VipRemoveStep), "vip.remove")]
[JsonDerivedType(typeof(VipAnnounceStep), "vip.announce")]
[JsonDerivedType(typeof(VipSilentStep), "vip.silent")]
[JsonDerivedType(typeof(VipUncontestedStep), "vip.uncontested")]
[JsonDerivedType(typeof(VipAnswersStep), "vip.answers")]
[JsonDerivedType(typeof(SessionsEndedStep), "sessions.ended")]
[JsonDerivedType(typeof(FenceNodeStep), "node.fence")]
[JsonDerivedType(typeof(VrrpMoveStep), "vrrp.move")]
[JsonDerivedType(typeof(VrrpMasterStep), "vrrp.master")]
[JsonDerivedType(typeof(VrrpServiceStep), "vrrp.service")]
[JsonDerivedType(typeof(VrrpSweepStep), "vrrp.sweep")]
[JsonDerivedType(typeof(HandOverGuardStep), "handover.guard")]
[JsonDerivedType(typeof(HandOverKeepStep), "handover.keep")]
[JsonDerivedType(typeof(HandOverWaitStep), "handover.wait")]
[JsonDerivedType(typeof(HandOverEndStep), "handover.end")]
[JsonDerivedType(typeof(ProxyClosingStep), "proxy.closing")]
[JsonDerivedType(typeof(ProxyRenewStep), "proxy.renew")]
[JsonDerivedType(typeof(ServerStateStep), "server.state")]
[JsonDerivedType(typeof(ServerReturnStep), "server.return")]
[JsonDerivedType(typeof(ServerWasStep), "server.was")]
[JsonDerivedType(typeof(ServerWeightStep), "server.weight")]
[JsonDerivedType(typeof(ServerAgentStep), "server.agent")]
[JsonDerivedType(typeof(ServerIdleStep), "server.idle")]
[JsonDerivedType(typeof(ServerSteadyStep), "server.steady")]
[JsonDerivedType(typeof(ServerSessionsEndStep), "server.sessions.end")]
[JsonDerivedType(typeof(ServersKeepStep), "servers.keep")]
[JsonDerivedType(typeof(BackendRestartStep), "backend.restart")]
[JsonDerivedType(typeof(BackendHealthyStep), "backend.healthy")]
[JsonDerivedType(typeof(ServerAddStep), "server.add")]
[JsonDerivedType(typeof(ServerRemoveStep), "server.remove")]
[JsonDerivedType(typeof(ServerLineStep), "server.line")]
[JsonDerivedType(typeof(ServerWarmUpStep), "server.warmup")]
[JsonDerivedType(typeof(EmergencyServiceStep), "emergency.service")]
[JsonDerivedType(typeof(EmergencyHealthyStep), "emergency.healthy")]
public abstract record Step
{
    [JsonIgnore] public TimeSpan Timeout => Traits.Timeout;
    [JsonIgnore] public bool Changes => Traits.Changes;
    [JsonIgnore] public bool Verifiable => Traits.Verifiable;
    [JsonIgnore] public bool TimeoutIsFine => Traits.TimeoutIsFine;
    [JsonIgnore] public StepPhase Phase => Traits.Phase;
    [JsonIgnore] public WayBack WayBack => Traits.WayBack;
    [JsonIgnore] public bool Scaffold => Traits.Scaffold;

    /// <summary>How the runner has to treat it; protected, so that it is not part of the data.</summary>
    protected abstract StepTraits Traits { get; }

    /// <summary>One imperative sentence without a full stop: "add 10.0.0.100/32 to eth0 on lb2".</summary>
    public abstract string Describe();

    /// <summary>
    /// Reads the world: already so, needed, or not allowed now. Throws <see cref="AdapterException"/> when it cannot look.
    /// </summary>
    public abstract Task<ProbeResult> ProbeAsync(StepContext context, CancellationToken cancellation);

    /// <summary>Makes it so. Must be safe to repeat.</summary>
    public virtual Task ApplyAsync(StepContext context, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// What the step sets, where several steps of one plan may set the same thing: of their inverses only the first counts, which holds the
    /// value from before the run. Null = nobody else sets it.
    /// </summary>
    [JsonIgnore] public virtual string? Sets => null;

    /// <summary>The step that takes this one back, given the value before it; null = nothing to take back.</summary>
    public virtual Step? Inverse(JsonNode? before) => null;
}

/// <param name="Timeout">Budget for probe, apply and verification together.</param>
/// <param name="Phase">Where it belongs in an undo: an address is made on one node before it is broken on the other.</param>
public sealed record StepTraits(TimeSpan Timeout, StepPhase Phase)
{
    /// <summary>False for checks and waits: they are polled, never applied.</summary>
    public bool Changes { get; init; } = true;

    /// <summary>False where there is no lasting state to read back (an announcement); the runner then trusts the apply.</summary>
    public bool Verifiable { get; init; } = true;

    /// <summary>For a wait: the end of the budget is an answer, too (sessions that never end).</summary>
    public bool TimeoutIsFine { get; init; }

    public WayBack WayBack { get; init; } = WayBack.Undo;

    /// <summary>
    /// It is only there for what comes after it: a run that fails before it has moved anything takes it away again, whatever its policy is.
    /// </summary>
    public bool Scaffold { get; init; }

    public static StepTraits Change(StepPhase phase, int seconds = 10) => new(TimeSpan.FromSeconds(seconds), phase);

    public static StepTraits Check(int seconds = 10) => new(TimeSpan.FromSeconds(seconds), StepPhase.Verify) { Changes = false };
}

/// <summary>What becomes of a run in which this step was done, or was not confirmed.</summary>
public enum WayBack
{
    /// <summary>It can be taken back.</summary>
    Undo,

    /// <summary>There is none: the undo would have nowhere to put the address.</summary>
    None,

    /// <summary>Nobody wants it back (what is open finishes meanwhile, what was before did not serve): the run is gone on with.</summary>
    Unwanted,
}

public enum StepPhase { Prepare, Make, Announce, Break, CleanUp, Verify }

public enum ProbeKind { Satisfied, Needed, Blocked }

/// <param name="Detail">What was seen, for the operator: "lb2 holds 10.0.0.100/32 on eth0".</param>
/// <param name="Before">The value that <see cref="Step.Inverse"/> needs; journaled.</param>
public sealed record ProbeResult(ProbeKind Kind, string Detail, JsonNode? Before = null)
{
    public static ProbeResult Satisfied(string detail, JsonNode? before = null) => new(ProbeKind.Satisfied, detail, before);
    public static ProbeResult Needed(string detail, JsonNode? before = null) => new(ProbeKind.Needed, detail, before);
    public static ProbeResult Blocked(string reason) => new(ProbeKind.Blocked, reason);
}

/// <summary>What a step works with.</summary>
/// <param name="Time">Every clock and delay goes through it.</param>
public sealed record StepContext(Fleet Fleet, IPorts Ports, TimeProvider Time)
{
    /// <summary>For the operator and the journal: what happened inside the step. The runner gives it to the step that it runs.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>Asked before every change; null = nobody can take it away.</summary>
    public IMandate? Mandate { get; init; }

    /// <summary>The world as a change gets it: behind the fence of the run's lease. Null = as it is.</summary>
    public IPorts? Fenced { get; init; }

    internal StepContext ForChanges => Fenced is null ? this : this with { Ports = Fenced };
}
