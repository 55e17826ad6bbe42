namespace LbRunbook.Core.Config;

/// <summary>Collects every problem of one file, so that the operator mends the file once and not once per mistake.</summary>
internal sealed class ProblemList(string file)
{
    /// <summary>Beyond this a file is not mistyped but something else; the rest is counted, not kept.</summary>
    private const int Kept = 100;

    private readonly List<ConfigProblem> problems = [];
    private int dropped;

    public bool HasErrors { get; private set; }

    public void Error(Position at, string message) => Add(at, isError: true, message);

    public void Warning(Position at, string message) => Add(at, isError: false, message);

    public IReadOnlyList<ConfigProblem> InFileOrder()
    {
        var sorted = problems.OrderBy(p => p.Line).ThenBy(p => p.Column).ToList();
        if (dropped > 0)
            sorted.Add(new ConfigProblem(file, sorted[^1].Line, sorted[^1].Column, HasErrors,
                $"and {dropped} more problems; mend these first"));
        return sorted;
    }

    private void Add(Position at, bool isError, string message)
    {
        HasErrors |= isError;
        if (problems.Count < Kept)
            problems.Add(new ConfigProblem(file, at.Line, at.Column, isError, message));
        else
            dropped++;
    }
}
