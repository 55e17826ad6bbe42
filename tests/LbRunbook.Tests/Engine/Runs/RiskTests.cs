using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using Xunit;

namespace LbRunbook.Tests.Engine.Runs;

/// <summary>Which flag each verb needs where nobody can be asked, in each environment: one rule for all of them.</summary>
public sealed class RiskTests
{
    public static TheoryData<string, FleetEnvironment> VerbsEverywhere { get; } = new(
        from verb in EngineLab.Verbs
        from environment in Enum.GetValues<FleetEnvironment>()
        select (verb, environment));

    [Theory, MemberData(nameof(VerbsEverywhere))]
    public void Change_AnyVerbAndFlag_GoesOnOnlyWithWhatTheEnvironmentAsksFor(string verb, FleetEnvironment environment)
    {
        Assert.Equal(environment == FleetEnvironment.Lab, GoesOn(verb, environment, yes: false, confirm: null));
        Assert.Equal(environment != FleetEnvironment.Production, GoesOn(verb, environment, yes: true, confirm: null));
        Assert.True(GoesOn(verb, environment, yes: false, confirm: "web-test"));
        Assert.True(GoesOn(verb, environment, yes: true, confirm: "web-test"));
    }

    [Theory]
    [InlineData(FleetEnvironment.Staging)]
    [InlineData(FleetEnvironment.Production)]
    public void Change_AnotherClustersName_IsNoConfirmation(FleetEnvironment environment)
    {
        foreach (var verb in EngineLab.Verbs)
            Assert.False(GoesOn(verb, environment, yes: true, confirm: "web-prod"));
    }

    private static bool GoesOn(string verb, FleetEnvironment environment, bool yes, string? confirm)
    {
        using var lab = new EngineLab(environment);
        var action = lab.Action(verb);
        var changes = lab.Fakes.Faults.Changes.Count;
        lab.Consent.Instead = new TerminalConsent(yes, confirm, new Streams(TextWriter.Null, TextWriter.Null, TextReader.Null), "lbctl x");
        try
        {
            var outcome = lab.Run(action);
            Assert.True(outcome.Result is RunResult.Done or RunResult.AlreadySo,
                $"{verb}: {outcome.Result} {outcome.Message} {string.Join("; ", outcome.Refusals)}");
            return true;
        }
        catch (OperatorException e)
        {
            Assert.Equal(ExitCode.Usage, e.ExitCode);
            Assert.Equal(changes, lab.Fakes.Faults.Changes.Count);
            Assert.Contains(environment == FleetEnvironment.Production || confirm is not null ? "--confirm web-test" : "--yes", e.Next,
                StringComparison.Ordinal);
            return false;
        }
    }
}
