using LbRunbook.Core.Text;
using Xunit;

namespace LbRunbook.Tests.Core.Text;

public sealed class NearestTests
{
    private static readonly string[] Keys = ["address", "backends", "host", "interface", "name", "nodes", "priority", "production"];

    [Theory]
    [InlineData("adress", "address")]
    [InlineData("Hots", "host")]
    [InlineData("NODES", "nodes")]
    [InlineData("backend", "backends")]
    [InlineData("prod", "production")]
    [InlineData("intreface", "interface")]
    public void To_SmallMistake_FindsTheName(string word, string expected) => Assert.Equal(expected, Nearest.To(word, Keys));

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("loadbalancer")]
    public void To_NothingClose_GivesNull(string word) => Assert.Null(Nearest.To(word, Keys));

    [Fact]
    public void To_ExactMatchAmongClose_WinsOverThem() => Assert.Equal("lb2", Nearest.To("lb2", ["lb1", "lb2", "lb3"]));

    [Fact]
    public void To_HugeWord_IsNotCompared() => Assert.Null(Nearest.To(new string('a', 1_000_000), ["a"]));

    [Theory]
    [InlineData("ab", "ba", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    public void Distance_KnownPairs_MatchesTheDefinition(string a, string b, int distance) =>
        Assert.Equal(distance, Nearest.Distance(a, b));
}
