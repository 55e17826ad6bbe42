using System.Text.RegularExpressions;
using LbRunbook.Cli;
using LbRunbook.Cli.Output;
using LbRunbook.Core.Diagnosis;
using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Docs;

/// <summary>What is read at 3 AM leads somewhere, and what is typed from it is understood.</summary>
public sealed class DocumentsTests
{
    private const int LongestReadme = 150;

    public static TheoryData<string> Paths => [.. Document.All().Select(d => d.Path)];

    [Fact]
    public void Readme_Lines_FitTheLimit() => Assert.InRange(new Document("README.md").Lines.Count, 1, LongestReadme);

    [Theory]
    [MemberData(nameof(Paths))]
    public void Links_OfADocument_LeadToAFileAndAHeading(string path) =>
        Assert.Empty(new Document(path).Links
            .Where(l => !l.Contains("://", StringComparison.Ordinal))
            .Select(l => WhyDead(path, l)).OfType<string>());

    [Theory]
    [MemberData(nameof(Paths))]
    public void Commands_OfADocument_AreUnderstood(string path)
    {
        var context = new CliContext(new Streams(TextWriter.Null, TextWriter.Null, TextReader.Null), TimeProvider.System);
        Assert.Empty(
            from command in new Document(path).Commands
            let errors = CommandLine.Build(context).Parse(command.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).Errors
            where errors.Count > 0
            select $"{command}: {errors[0].Message}");
    }

    [Fact]
    public void AssessGuide_Codes_AreThoseOfTheTable() => Assert.Equal(
        DiagnosisTable.All.Select(e => (e.Code.ToString(), SeverityWords.OfFinding(e.Severity))).Order(),
        new Document("runbooks/guide/assess.md").Lines
            .Select(l => Regex.Match(l, @"^\| `(?<code>\w+)` \| (?<level>[A-Z]+) \|",
                RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture))
            .Where(m => m.Success)
            .Select(m => (m.Groups["code"].Value, m.Groups["level"].Value)).Order());

    [Fact]
    public void Decisions_List_NamesEachWithItsTitle() => Assert.Equal(
        Document.All().Where(d => Regex.IsMatch(d.Path, @"^src/decisions/\d{4}-", RegexOptions.NonBacktracking))
            .Select(d => (File: d.Path.Split('/')[^1], Title: d.Lines[0].TrimStart('#').Trim()))
            .Select(d => $"- [{d.File[..4]}]({d.File}) {d.Title}"),
        new Document("src/decisions/README.md").Lines.Where(l => l.StartsWith("- ", StringComparison.Ordinal)));

    /// <returns>Null = it leads somewhere.</returns>
    private static string? WhyDead(string path, string link)
    {
        var (file, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = file.Length == 0 ? path
            : Path.GetRelativePath(RepositoryFiles.Path("."), RepositoryFiles.Path(Path.Combine(Path.GetDirectoryName(path)!, file)));
        if (!File.Exists(RepositoryFiles.Path(target)))
            return $"{link}: there is no {target}";
        return anchor is null || new Document(target).Anchors.Contains(anchor) ? null : $"{link}: {target} has no such heading";
    }
}
