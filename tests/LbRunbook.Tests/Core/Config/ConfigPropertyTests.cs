using FsCheck;
using FsCheck.Fluent;
using LbRunbook.Core.Config;
using LbRunbook.Core.Text;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Core.Config;

public sealed class ConfigPropertyTests
{
    private static readonly string Example = RepositoryFiles.Text("config/lbctl.example.yaml");

    /// <summary>What tends to upset a YAML scanner or a binder.</summary>
    private static readonly string[] Pieces =
        ["\t", "\n", ":", "- ", "&a ", "*a", "<<: ", "!!x ", "!", "\"", "'", "\\x", "\"\\uD800\"", "{", "}", "[", "]", "|", ">", "%", "@",
            "`", "? ", "---\n", "...", "\0", "\uD800", "\uFEFF", "~", "#", "9999999999999999999999", "-1", "%YAML 9.9\n",
            "%TAG ! x\n", "é"];

    [Fact]
    public void Parse_ArbitraryText_NeverThrows() =>
        Prop.ForAll<string>(text => Answers(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_MutatedExample_NeverThrows() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll<uint, uint, uint>((place, length, piece) =>
            {
                var at = (int)(place * 2654435761u % (uint)Example.Length);
                var cut = (int)(length % 40) % (Example.Length - at);
                return Answers(string.Concat(Example.AsSpan(0, at), Pieces[piece % Pieces.Length], Example.AsSpan(at + cut)));
            }));

    [Fact]
    public void Parse_PiecesInAnyOrder_NeverThrows() =>
        Check.One(
            FsCheck.Config.QuickThrowOnFailure.WithMaxTest(400),
            Prop.ForAll<uint[]>(picks => Answers(string.Concat(picks.Select(p => Pieces[p % Pieces.Length])))));

    [Fact]
    public void Percentages_AnyHundredth_ParsesBackExactly() =>
        Prop.ForAll<uint>(number =>
        {
            var value = (100 + (number % 9901)) / 100.0;
            return Percentages.TryParse(Percentages.Format(value), out var back) && back == value;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("0%")]
    [InlineData("101%")]
    [InlineData("100.1%")]
    [InlineData("50")]
    [InlineData("-5%")]
    [InlineData("%")]
    [InlineData("1e1%")]
    [InlineData("NaN%")]
    [InlineData(null)]
    public void Percentages_OtherText_IsRefused(string? text) => Assert.False(Percentages.TryParse(text, out _));

    // Either a fleet, or at least one error that stands inside the text.
    private static bool Answers(string text)
    {
        var result = ConfigLoader.Parse(text, "f");
        var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2;
        return (result.Fleet is not null) != result.Problems.Any(p => p.IsError)
            && result.Problems.All(p => p.Line >= 1 && p.Line <= lines && p.Column >= 1 && p.Message.Length > 0);
    }
}
