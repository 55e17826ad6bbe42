using System.Runtime.CompilerServices;

namespace LbRunbook.TestKit;

/// <summary>
/// Rendered output as a reviewed file: <c>NAME.golden</c> beside the test's source.
/// <c>UPDATE_GOLDEN=1</c> rewrites it; the diff of the commit is then the review.
/// </summary>
internal static class Golden
{
    public static void Verify(string actual, string name, [CallerFilePath] string testSource = "")
    {
        var path = Path.Combine(Path.GetDirectoryName(testSource)!, name + ".golden");
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
            return;
        }
        if (!File.Exists(path))
            throw new GoldenMismatchException($"{path} does not exist. Run once with UPDATE_GOLDEN=1, then read it before "
                + $"committing. The text was:\n{text}");
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (expected != text) throw new GoldenMismatchException(Describe(path, expected, text));
    }

    private static string Describe(string path, string expected, string actual)
    {
        var (want, got) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < want.Length && line < got.Length && want[line] == got[line]) line++;
        return $"""
            {path}:{line + 1} differs (UPDATE_GOLDEN=1 rewrites it):
              expected: {want.ElementAtOrDefault(line) ?? "(end)"}
              actual:   {got.ElementAtOrDefault(line) ?? "(end)"}
            The whole text was:
            {actual}
            """;
    }
}

internal sealed class GoldenMismatchException(string message) : Exception(message);
