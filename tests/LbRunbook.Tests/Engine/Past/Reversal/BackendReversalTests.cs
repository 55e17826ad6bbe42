using LbRunbook.Core.Model;
using LbRunbook.Core.Observations;
using LbRunbook.Core.Plans;
using LbRunbook.Engine.Backends;
using LbRunbook.Tests.Engine.Backends;
using Xunit;

namespace LbRunbook.Tests.Engine.Past.Reversal;

/// <summary>
/// Whatever the proxies made of their servers: undone, each has its state and its weight from before. A restart is not taken back.
/// </summary>
public sealed class BackendReversalTests
{
    [Theory]
    [InlineData("isolate")]
    [InlineData("drain")]
    [InlineData("restore")]
    [InlineData("recover")]
    public void Run_AnyStateAndMishap_UndoGivesStatesAndWeightsBack(string verb) => Choices.ForAll(choices =>
    {
        var mishap = choices.OneIn(2) ? Mishap.Of(choices) : Mishap.None;
        var resume = mishap.Kind != MishapKind.None && choices.OneIn(3);
        using var lab = Lab(choices);
        if (Plan(verb, lab, choices).Plan is { } plan)
            new RecordedRun(lab.World).DoAndJudge(plan, mishap, resume);
    });

    private static PlanResult Plan(string verb, BackendLab lab, Choices choices)
    {
        var (low, empty) = (choices.OneIn(2), choices.OneIn(2));
        return verb switch
        {
            "isolate" => lab.Isolate(request: new() { Hard = choices.OneIn(2), AcceptLowCapacity = low, AcceptEmptyPool = empty }),
            "drain" => lab.Drain(new()
            {
                For = TimeSpan.FromSeconds(4), Steps = choices.Of(10, 1, 3), ThenIsolate = choices.OneIn(2),
                OnTimeout = choices.Of([.. Enum.GetValues<OnTimeout>()]), AcceptLowCapacity = low, AcceptEmptyPool = empty,
            }),
            "restore" => lab.Restore(rampSeconds: choices.Of(0, 2)),
            _ => lab.Recover(new() { Attempts = 2, Wait = TimeSpan.FromSeconds(2), Ramp = TimeSpan.FromSeconds(choices.Of(0, 2)),
                AcceptLowCapacity = low, AcceptEmptyPool = empty }, well: choices.OneIn(4)),
        };
    }

    private static BackendLab Lab(Choices choices)
    {
        var lab = new BackendLab();
        if (choices.OneIn(3))
            lab.KillBackend();
        lab.Backend.UselessRestarts = choices.Of(0, 0, 1, 5);
        foreach (var node in lab.World.Nodes)
        {
            node.WhyNotKept = choices.OneIn(4) ? "no state file" : null;
            node.Servers = [.. node.Servers.Select(s => In(s, choices.Of([.. Enum.GetValues<AdminState>()])) with
            {
                Weight = choices.Of(100, 1, 10, 37, 256, 0), InitialWeight = choices.Of(100, 1, 0), CurrentSessions = choices.Of(0, 3),
            })];
            if (choices.OneIn(6))
                node.Servers = [.. node.Servers.Skip(1)];
        }
        return lab;
    }

    private static ServerState In(ServerState server, AdminState state) => state switch
    {
        AdminState.Maint => server with { Admin = state, Health = ServerHealth.Unknown, Status = "MAINT" },
        AdminState.Drain => server with { Admin = state, Status = "DRAIN" },
        _ => server,
    };
}
