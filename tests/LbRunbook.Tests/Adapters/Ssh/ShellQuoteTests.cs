using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Adapters.Processes;
using LbRunbook.Adapters.Ssh;
using Xunit;

namespace LbRunbook.Tests.Adapters.Ssh;

public sealed class ShellQuoteTests
{
    /// <summary>Whatever the value, a real shell must hand it to the program byte for byte.</summary>
    [Fact]
    public void Join_AnyArguments_ReachTheProgramUnchanged()
    {
        // Many argument lists a run: a process for each value is most of the cost.
        var word = Gen.Frequency(
            (3, Gen.Elements("", "-", "--", "-n", "~", "$HOME", "`id`", "$(id)", "a b", "\n", "a\nb\n", "'", "''", "\"", "\\", "\\'",
                "é✓🦊", "*", "!x", "A=b", "#", ";|&<>", "\t", "%s", "\r")),
            (2, ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).Select(Representable)));
        var lists = word.ArrayOf(40).ToArbitrary();

        Prop.ForAll(lists, words => Assert.Equal(words, ThroughShell(words))).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("", "''")]
    [InlineData("show", "show")]
    [InlineData("/run/haproxy/admin.sock", "/run/haproxy/admin.sock")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("A=b", "'A=b'")]
    [InlineData("~", "'~'")]
    public void Quote_Value_IsOneWord(string value, string expected) => Assert.Equal(expected, ShellQuote.Quote(value));

    [Fact]
    public void Quote_Nul_IsRefused() =>
        Assert.Contains("NUL", Assert.Throws<ArgumentException>(() => ShellQuote.Quote("a\0b")).Message, StringComparison.Ordinal);

    /// <summary>No NUL, and no half of a surrogate pair: that has no bytes.</summary>
    private static string Representable(string text) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace("\0", "", StringComparison.Ordinal);

    private static string[] ThroughShell(string[] words)
    {
        // NUL is the one separator that no argument holds. printf repeats its format for each argument, and uses it once even if there is
        // none.
        var script = $"printf '%s\\000' {ShellQuote.Join(words)}";
        var result = ChildProcess.RunAsync(new("sh", ["-c", script]), CancellationToken.None).GetAwaiter().GetResult();
        Assert.True(result.Ok, result.Error);
        return words.Length == 0 ? [] : result.Output[..^1].Split('\0');
    }
}
