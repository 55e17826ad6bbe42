using System.CommandLine;
using LbRunbook.Cli.Verbs.Lab;
using LbRunbook.Core.Plans;

namespace LbRunbook.Cli.Output;

/// <summary>
/// A <c>Next:</c> line must hit the cluster that it was made for: the options that chose the cluster here are repeated in it.
/// </summary>
internal sealed class NextCommand(string selection)
{
    public static NextCommand None { get; } = new("");

    public static NextCommand From(ParseResult parsed, GlobalOptions options)
    {
        var words = new List<string>();
        if (parsed.GetResult(options.Lab) is { Implicit: false })
            words.Add($"--lab={parsed.GetValue(options.Lab) ?? LabName.Default}");
        if (parsed.GetValue(options.Config) is { Length: > 0 } config)
            words.Add($"--config {Quoted(config)}");
        if (parsed.GetValue(options.Cluster) is { Length: > 0 } cluster)
            words.Add($"--cluster {cluster}");
        return new(string.Join(' ', words));
    }

    /// <summary>Commands that are not ours (<c>ssh …</c>) stay as they are.</summary>
    public string Qualify(string next)
    {
        const string Us = "lbctl ";
        if (selection.Length == 0 || !next.StartsWith(Us, StringComparison.Ordinal) || SaysWhere(next))
            return next;
        return $"{Us}{selection} {next[Us.Length..]}";
    }

    /// <summary>It names its cluster already, or is about labs themselves.</summary>
    private static bool SaysWhere(string next) =>
        next.StartsWith("lbctl lab ", StringComparison.Ordinal)
        || ((string[])["--lab", "--config", "--cluster", "-c "]).Any(o => next.Contains(" " + o, StringComparison.Ordinal));

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+@:~".Contains(c)) ? path : $"'{path.Replace("'", @"'\''")}'";
}
