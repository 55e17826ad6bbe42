using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using Xunit;

namespace LbRunbook.Tests.Cli.Output.Writing;

/// <summary>The whole command line with a stream that cannot be written: one plain line on the other one, never a stack trace.</summary>
public sealed class LostOutputTests
{
    [Theory]
    [InlineData(1, "--help")]
    [InlineData(1, "--version")]
    [InlineData(1, "failover", "--help")]
    [InlineData(3, "assess", "--explain", "VipDuplicate")]
    public async Task Printing_OutputCannotBeWritten_FailsWithOneLine(int code, params string[] arguments)
    {
        var error = new StringWriter();
        Assert.Equal(code, await RunAsync(new BrokenWriter(), error, arguments));
        Assert.Equal("lbctl: stdout could not be written (No space left on device)\n", error.ToString());
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("assess", "--explain", "VipDuplicate")]
    public async Task Printing_ReaderGone_EndsQuietly(params string[] arguments)
    {
        var error = new StringWriter();
        Assert.Equal(0, await RunAsync(new BrokenWriter(BrokenWriter.BrokenPipe), error, arguments));
        Assert.Equal("", error.ToString());
    }

    [Fact]
    public async Task Mistake_ErrorCannotBeWritten_IsSaidOnStdout()
    {
        var output = new StringWriter();
        Assert.Equal(64, await RunAsync(output, new BrokenWriter(), "--nonsense"));
        Assert.StartsWith("lbctl: stderr could not be written (No space left on device); it was to say:\nlbctl: Unrecognized",
            output.ToString());
        Assert.Contains("Next: lbctl --help\n", output.ToString());
    }

    [Fact]
    public async Task Mistake_ErrorCannotBeWrittenAndOutputIsAMachines_HasOneDocumentOnStdout()
    {
        var output = new StringWriter();
        Assert.Equal(64, await RunAsync(output, new BrokenWriter(), "--output", "json", "history", "--nonsense"));
        Assert.Equal("outcome", (string?)System.Text.Json.Nodes.JsonNode.Parse(output.ToString())!["type"]);
    }

    [Fact]
    public async Task Mistake_NothingCanBeWritten_LeavesTheExitCode() =>
        Assert.Equal(64, await RunAsync(new BrokenWriter(), new BrokenWriter(), "--nonsense"));

    private static Task<int> RunAsync(TextWriter output, TextWriter error, params string[] arguments) =>
        CliMain.RunAsync(arguments, new CliContext(Streams.Guarded(output, error, TextReader.Null), TimeProvider.System));
}
