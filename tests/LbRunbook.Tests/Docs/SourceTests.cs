using LbRunbook.TestKit;
using Xunit;

namespace LbRunbook.Tests.Docs;

/// <summary>What is compared side by side has to fit side by side.</summary>
public sealed class SourceTests
{
    private const int Columns = 140;

    [Fact]
    public void Source_Lines_FitTheScreen() => Assert.Empty(
        from folder in (string[])["src", "tests"]
        from file in Directory.EnumerateFiles(RepositoryFiles.Path(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        from line in LongLines(File.ReadAllLines(file))
        select $"{Path.GetRelativePath(RepositoryFiles.Path("."), file)}:{line}");

    /// <summary>Apart from what a raw string shows as it is: a script, a configuration, an answer of a daemon.</summary>
    private static IEnumerable<int> LongLines(string[] lines)
    {
        var raw = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var quotes = lines[i].Split("\"\"\"").Length - 1;
            if (lines[i].Length > Columns && !raw && quotes == 0)
                yield return i + 1;
            raw ^= quotes % 2 == 1;
        }
    }
}
