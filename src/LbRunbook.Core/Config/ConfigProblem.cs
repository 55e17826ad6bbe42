using LbRunbook.Core.Model;

namespace LbRunbook.Core.Config;

/// <summary>One thing that is wrong in a configuration, where it is (1-based), and what would be right.</summary>
internal sealed record ConfigProblem(string File, int Line, int Column, bool IsError, string Message)
{
    public override string ToString() => $"{File}:{Line}:{Column}: {(IsError ? "" : "warning: ")}{Message}";
}

/// <summary>The fleet, or null when any problem is an error. All problems are here, in file order.</summary>
internal sealed record ConfigResult(Fleet? Fleet, IReadOnlyList<ConfigProblem> Problems);
