using System.Text;
using LbRunbook.TestKit;

namespace LbRunbook.SystemTests.Faults;

/// <summary>
/// The table of runbooks/safety.md: each row is what its test saw. <c>UPDATE_GOLDEN=1</c> writes it; the diff of the commit is then the
/// review.
/// </summary>
internal static class FaultTable
{
    public const string Head = """
        | what is wrong | `assess` | `failover lb1 lb2` | what it says | addresses afterwards | requests lost | put right, then |
        | --- | --- | --- | --- | --- | --- | --- |
        """;

    private static readonly Lock s_gate = new();

    private static string File => RepositoryFiles.Path("runbooks/safety.md");

    /// <param name="table">More than one is in the file; each is named by a comment before it.</param>
    public static void Verify(string table, IReadOnlyList<string> rows, string row, params IReadOnlyList<string> cells)
    {
        var line = $"| {string.Join(" | ", cells.Prepend(row).Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |";
        lock (s_gate)
        {
            var lines = System.IO.File.ReadAllText(File).ReplaceLineEndings("\n").Split('\n').ToList();
            var (first, count) = Find(lines, table);
            var before = lines.GetRange(first, count).FirstOrDefault(l => l.StartsWith($"| {row} |", StringComparison.Ordinal));
            if (before == line)
                return;
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") != "1")
                throw new GoldenMismatchException("runbooks/safety.md differs (UPDATE_GOLDEN=1 rewrites the row):\n  expected: "
                    + $"{before ?? "(no such row)"}\n  actual:   {line}");
            var all = lines.GetRange(first, count).Where(l => l != before).Append(line)
                .OrderBy(l => rows.ToList().FindIndex(r => l.StartsWith($"| {r} |", StringComparison.Ordinal))).ToList();
            lines.RemoveRange(first, count);
            lines.InsertRange(first, all);
            System.IO.File.WriteAllText(File, string.Join('\n', lines));
        }
    }

    /// <summary>A row of which the test is gone is a claim that nobody checks any more.</summary>
    public static void VerifyNames(string table, IReadOnlyList<string> rows)
    {
        var lines = System.IO.File.ReadAllText(File).ReplaceLineEndings("\n").Split('\n').ToList();
        var (first, count) = Find(lines, table);
        var there = string.Join('\n', lines.GetRange(first, count).Select(l => l.Split(" | ")[0].TrimStart('|', ' ')));
        if (there != string.Join('\n', rows))
            throw new GoldenMismatchException($"runbooks/safety.md, table {table}: its rows are\n{there}\nand should "
                + $"be\n{string.Join('\n', rows)}");
    }

    private static (int First, int Count) Find(List<string> lines, string table)
    {
        // The comment, an empty line, two lines of head.
        var first = lines.IndexOf($"<!-- table: {table} -->") + 4;
        if (first < 4)
            throw new GoldenMismatchException($"runbooks/safety.md has no <!-- table: {table} -->");
        return (first, lines.Skip(first).TakeWhile(l => l.StartsWith('|')).Count());
    }
}
