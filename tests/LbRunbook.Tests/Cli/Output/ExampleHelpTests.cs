using System.CommandLine;
using LbRunbook.Cli.Output;
using Xunit;

namespace LbRunbook.Tests.Cli.Output;

public sealed class ExampleHelpTests
{
    [Fact]
    public void Help_VerbWithExamples_BeginsWithThem()
    {
        var help = Help("verb", ("lbctl verb a", "does a"), ("lbctl verb longer", "does more"));

        Assert.StartsWith("Examples:\n  lbctl verb a       # does a\n  lbctl verb longer  # does more\n\nDescription:", help,
            StringComparison.Ordinal);
        Assert.Contains("Usage:", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_ExampleTooWideForOneLine_PutsMeaningAbove()
    {
        var help = Help("verb", ("lbctl verb " + new string('x', 50), "a meaning that does not fit beside it"));

        Assert.StartsWith("Examples:\n  # a meaning that does not fit beside it\n  lbctl verb xxx", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_VerbWithoutExamples_IsTheStandardHelp() =>
        Assert.StartsWith("Description:", Help("verb"), StringComparison.Ordinal);

    private static string Help(string verb, params (string, string)[] examples)
    {
        var root = new RootCommand("root");
        var command = new Command(verb, "what it does");
        if (examples.Length > 0)
            command.WithExamples(examples);
        root.Subcommands.Add(command);
        root.UseExampleHelp();
        var output = new StringWriter { NewLine = "\n" };
        var code = root.Parse([verb, "--help"]).Invoke(new() { Output = output });
        Assert.Equal(0, code);
        return output.ToString();
    }
}
