using LbRunbook.Cli.Output;
using LbRunbook.Cli.Output.Writing;
using LbRunbook.Cli.Runs;
using LbRunbook.Core.Model;
using LbRunbook.Core.Plans;
using LbRunbook.Tests.Cli.Output.Writing;
using Xunit;

namespace LbRunbook.Tests.Cli.Runs;

/// <summary>The prompt at a terminal that answers, that has gone, and that goes while it is asked.</summary>
public sealed class ConfirmationTests
{
    private static readonly Plan Plan = new()
    {
        Verb = "failover", Cluster = "web", Environment = FleetEnvironment.Production, Title = "", Steps = [], Risk = Risk.Severe,
    };

    [Theory]
    [InlineData("web\n", true)]
    [InlineData("wab\n", false)]
    [InlineData("", false)]
    public async Task Prompt_Answered_DecidesByTheName(string answer, bool goesOn) =>
        Assert.Equal(goesOn, await ObtainAsync(new StringWriter(), new StringReader(answer)));

    [Fact]
    public async Task Prompt_AnotherClustersName_IsSaid()
    {
        using var terminal = new StringWriter();
        Assert.False(await ObtainAsync(terminal, new StringReader("wab\n")));
        Assert.EndsWith("'wab' is not this cluster's name, which is web\n", terminal.ToString().ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
        // Enter means no, and is no mistake.
        using var enter = new StringWriter();
        await ObtainAsync(enter, new StringReader("\n"));
        Assert.DoesNotContain("is not this cluster", enter.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_TerminalGoneWhileReading_IsNoConsent() =>
        Assert.False(await ObtainAsync(new StringWriter(), new SafeReader(() => throw new IOException("Input/output error", 5))));

    [Fact]
    public async Task Prompt_CannotBeShown_IsNotAnswered() =>
        Assert.Equal(64, (await Assert.ThrowsAsync<OperatorException>(() =>
            ObtainAsync(new BrokenWriter(), new StringReader("web\n")))).ExitCode);

    [Fact]
    public async Task Prompt_SignalBeforeTheAnswer_Ends()
    {
        using var interrupted = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        using var silent = new SemaphoreSlim(0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ObtainAsync(new StringWriter(), new SafeReader(() =>
        {
            silent.Wait(TimeSpan.FromSeconds(20));
            return new StringReader("web\n");
        }), interrupted.Token));
        silent.Release();
    }

    private static Task<bool> ObtainAsync(TextWriter terminal, TextReader answers, CancellationToken interrupted = default) =>
        new TerminalConsent(
        yes: false, confirm: null, Streams.Guarded(TextWriter.Null, terminal, answers) with
        {
            InIsTerminal = true,
            ErrorIsTerminal = true,
        }, "lbctl failover lb1 lb2").ObtainAsync(Plan, interrupted);
}
