using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Plans;
using LbRunbook.TestKit.FakeNetwork;
using Xunit;

namespace LbRunbook.Tests.Cli;

/// <summary>What the engine is given of this process.</summary>
public sealed class OpenWorldTests
{
    [Fact]
    public void Identity_BehindSudo_NamesThePerson()
    {
        var user = Environment.UserName;
        Assert.Equal($"alice as {user}", OwnProcess.Identity(n => n == "SUDO_USER" ? "alice" : null).User);
        Assert.Equal(user, OwnProcess.Identity(_ => null).User);
        Assert.Equal(user, OwnProcess.Identity(_ => user).User);
    }

    [Theory]
    [InlineData("5s", 5)]
    [InlineData("", 30)]
    public async Task LeaseTimeToLive_AsTheVariableSays(string text, int seconds)
    {
        await using var open = OpenWorld.Of(Context(text), SampleFleet.TwoNodes());
        Assert.Equal(TimeSpan.FromSeconds(seconds), open.World.LeaseTimeToLive);
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("11m")]
    [InlineData("long")]
    public void LeaseTimeToLive_WhatItCannotBe_IsAnErrorWithTheBounds(string text)
    {
        var error = Assert.Throws<OperatorException>(() => OpenWorld.Of(Context(text), SampleFleet.TwoNodes()));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains($"LBCTL_LEASE_TTL={text}: not a duration between 2s and 10m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SshClient_WhatItCannotBe_IsAnErrorWithTheChoices()
    {
        var error = Assert.Throws<OperatorException>(
            () => OpenWorld.Of(Context("putty", SshClientVariable.Name), SampleFleet.TwoNodes()));
        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains("LBCTL_SSH=putty: must be one of auto, openssh, built-in", error.Message, StringComparison.Ordinal);
    }

    private static CliContext Context(string value, string variable = OpenWorld.LeaseVariable) =>
        new(new Streams(TextWriter.Null, TextWriter.Null, TextReader.Null), TimeProvider.System)
    {
        Variable = name => name == variable ? value : null,
    };
}
